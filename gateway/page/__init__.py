"""`export --format html`: a ticket as one page that loads nothing (K1-K8)."""
