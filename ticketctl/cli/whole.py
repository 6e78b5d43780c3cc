"""Whole numbers typed as options: none is larger than what a column of the database holds."""

import click

LARGEST = 2**31 - 1

COUNT = click.IntRange(0, LARGEST)
NUMBER = click.IntRange(1, LARGEST)
