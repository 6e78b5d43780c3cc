"""The global options as a record."""

from typing import NamedTuple


class GlobalOptions(NamedTuple):
    """Values of the global options; None if not given."""

    config: str | None = None
    profile: str | None = None
    db: str | None = None
    as_agent: str | None = None
    tz: str | None = None
    format: str | None = None
    json: str | None = None  # names of fields, or `*`
    columns: str | None = None
    no_headers: bool = False
    row_template: str | None = None
    bom: bool = False
    color: str = "auto"
    no_color: bool = False
    no_pager: bool = False
    quiet: bool = False
    verbose: bool = False
    yes: bool = False
    no_input: bool = False
    recover: bool = False  # -e: continue the text that an earlier command kept
