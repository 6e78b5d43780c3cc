"""Why a server on the web could not be asked, in words."""


def why(trouble: object, seconds: float) -> str:
    """What went wrong with a connection that may rest for so many seconds; without a period."""
    import socket

    if isinstance(trouble, TimeoutError):
        return f"nothing came in {seconds} s"
    if isinstance(trouble, socket.gaierror):
        return "there is no such host"
    return str(getattr(trouble, "strerror", None) or trouble or type(trouble).__name__).rstrip(".")
