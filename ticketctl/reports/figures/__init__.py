"""Computes figures from stored facts: periods, tallies, metrics, differences.

Imports `reports.model`; knows no single report and no format.
"""
