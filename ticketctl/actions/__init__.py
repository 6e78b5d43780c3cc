"""What the desk does: one verb a file; one call, one transaction, one undo group."""
