"""What the desk remembers: the only rooms that import SQLAlchemy."""
