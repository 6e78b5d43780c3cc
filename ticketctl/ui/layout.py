"""Which panes there is room for, and how wide they are."""

NAMES = ("queues", "tickets", "conversation")
TWO, THREE = 100, 160  # columns from which there is room for so many
QUEUES = 30  # columns
CONVERSATION = 1.3  # times as wide as the tickets
GUTTER = 2  # columns before a line
SCROLL_BAR = 1


def seen(columns: int, active: str) -> tuple[str, ...]:
    """The panes that are shown beside the active one."""
    if columns >= THREE:
        return NAMES
    if columns >= TWO:
        return NAMES[:-1] if active == "queues" else NAMES[1:]
    return (active,)


def tickets_room(columns: int) -> int:
    """Columns for a line of the tickets, when they are the active pane."""
    left = columns - (QUEUES if columns >= THREE else 0)
    width = left / (1 + CONVERSATION) if columns >= TWO else left
    return max(int(width) - GUTTER - SCROLL_BAR, 20)
