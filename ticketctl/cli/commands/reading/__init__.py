"""Commands that read tickets and change nothing."""
