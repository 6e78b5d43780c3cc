"""Public holidays and iCalendar files as dates, looked up when desk.toml is applied."""
