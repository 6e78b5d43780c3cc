"""Public holidays and iCalendar files, read when desk.toml is applied."""
