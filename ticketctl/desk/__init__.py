"""What a help desk knows: plain functions on plain records. No SQL, no I/O, no click."""
