"""The migrations, one revision a file; store/db/migrate.py runs them."""
