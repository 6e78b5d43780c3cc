"""Mail that people may unsubscribe from."""

REPORTS, SURVEYS = "reports", "surveys"
OPTIONAL = (REPORTS, SURVEYS)

BY_KIND = {"report": REPORTS, "survey": SURVEYS}
"""What a mail belongs to, by its kind in the outbox; other mail is not optional."""
