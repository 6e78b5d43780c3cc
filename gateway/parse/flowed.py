"""format=flowed text (RFC 3676, H27)."""


def unflow(text: str, delsp: bool) -> str:
    """Paragraphs joined to one line each, stuffing removed; `delsp` drops the blank at the soft breaks."""
    lines: list[str] = []
    open_depth: int | None = None  # quote depth of a line that goes on
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words[1:] if words[:1] == " " else words
        flows = words.endswith(" ") and words != "-- "
        if open_depth == depth and words != "-- ":
            lines[-1] += words
        else:
            lines.append(">" * depth + " " * bool(depth and words) + words)
        if flows and delsp:
            lines[-1] = lines[-1][:-1]
        open_depth = depth if flows else None
    return "\n".join(lines)
