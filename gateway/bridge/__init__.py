"""Hands answers of other channels than mail to the bridges that desk.toml names: a program or a URL (F-L7).

It may import `gateway.shared`.
"""
