"""Figures in, tables out: what a period was like, as text, JSON, CSV, XLSX and HTML."""
