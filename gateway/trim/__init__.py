"""Separates what is new in a mail from quoted text and signatures.

No database, no network. Imports no other folder of the gateway.
"""
