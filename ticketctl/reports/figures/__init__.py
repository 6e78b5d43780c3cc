"""From stored facts to figures: periods, tallies, metrics, differences.

Imports `reports.model`; knows no single report and no format.
"""
