"""Reports: computes the figures of a period, and writes them as text, JSON, CSV, XLSX and HTML."""
