"""Commands that change tickets, and canned replies to change them with."""
