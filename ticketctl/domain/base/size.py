"""Formats sizes for people."""


def show(count: int) -> str:
    """Bytes in the largest decimal unit: `812 B`, `14 kB`, `2.1 MB`."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"
