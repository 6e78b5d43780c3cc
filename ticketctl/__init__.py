"""ticketctl: a help desk that lives in e-mail and in the terminal."""

__version__ = "0.2.0"
