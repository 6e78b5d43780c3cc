"""SQL that `make sql` compiled from the statements of the store, for each kind of database."""
