"""The panes of the screen. They show what they are given, and say what was chosen; they read nothing."""
