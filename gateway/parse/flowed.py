"""Unwraps format=flowed text (RFC 3676, H27)."""


def unflow(text: str, delsp: bool) -> str:
    """Join each paragraph to one line, and remove stuffing; `delsp` removes the blank at soft breaks."""
    paragraphs: list[list[str]] = []
    open_depth: int | None = None  # quote depth of a line that continues
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words[1:] if words[:1] == " " else words
        flows = words.endswith(" ") and words != "-- "
        if open_depth != depth or words == "-- ":
            paragraphs.append([">" * depth + " " if depth and words else ">" * depth])
        paragraphs[-1].append(words[:-1] if flows and delsp else words)
        open_depth = depth if flows else None
    return "\n".join("".join(pieces) for pieces in paragraphs)
