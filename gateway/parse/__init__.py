"""Bytes to Mail (a frozen record). No store, no network; limits first."""
