"""A token server on loopback that answers as a test tells it (RFC 6749, RFC 8628), and who it let in."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

Reply = tuple[int, dict[str, Any]]


class TokenServer(HTTPServer):
    """Gives access-1, access-2 … for the refresh token that is `good`; `replies` come first. `asked` has the forms."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.good = "refresh-1"
        self.seconds = 3600
        self.rotates = False  # a new refresh token each time, and the old one is over
        self.replies: list[Reply] = []
        self.asked: list[dict[str, str]] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def grants(self) -> list[str]:
        return [one.get("grant_type", "device").rpartition(":")[2] for one in self.asked]

    def reply(self, form: dict[str, str]) -> Reply:
        self.asked.append(form)
        if self.replies:
            return self.replies.pop(0)
        if form.get("grant_type") == "refresh_token" and form["refresh_token"] != self.good:
            words = f"the token {form['refresh_token']} is revoked\nTrace ID: 7"
            return 400, {"error": "invalid_grant", "error_description": words}
        return 200, self.tokens()

    def tokens(self) -> dict[str, Any]:
        count = len([one for one in self.asked if one.get("grant_type")])
        if self.rotates:
            self.good = f"refresh-{count + 1}"
        token = {"refresh_token": self.good}
        return {"access_token": f"access-{count}", "expires_in": self.seconds} | token


class _Handler(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, told = self.server.reply(dict(parse_qsl(body)))
        content = json.dumps(told).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass
