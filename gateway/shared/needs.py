"""Refuses what needs an extra that is not installed."""

from importlib.util import find_spec

from ticketctl.errors import BadInput


def metrics(what: str) -> None:
    """BadInput unless the library for metrics is installed."""
    if find_spec("prometheus_client") is None:
        raise BadInput(f"{what} needs the extra `metrics`: run `pip install 'ticketctl[metrics]'`.")
