"""What keeps the explorer to the person at this machine: host, origin, kind of request, and what a page may load."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
# A table of the largest size that the page takes fits, in base64 or with every line end and quote escaped.
MOST_BYTES = 9_000_000


class Guards:
    """Middleware that refuses what does not come from the explorer's own page, and adds the headers above.

    Args:
        app: What it guards.
        hosts: Host names (without port) that the page may be asked for by.
        token: What every request must carry as a cookie or `?token=`; None on a loopback address.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], token: str | None = None) -> None:
        self.app, self.hosts, self.token = app, frozenset(hosts), token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await JSONResponse({"error": {"reason": refusal}}, 403, HEADERS)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for key, value in HEADERS.items():
                    headers[key] = value
                if self.token is not None:
                    headers["set-cookie"] = f"symcalc={self.token}; HttpOnly; SameSite=Strict; Path=/"
            await send(message)

        await self.app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if name not in self.hosts:
            return "This page is asked for by another name than its own."
        if self.token is not None and not self._carries_token(scope, headers):
            return "The address lacks its token: use the whole address that symcalc printed."
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "Requests from other sites are refused."
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return "This kind of request is not answered."
        if scope["method"] == "POST":
            if headers.get("origin") not in (f"http://{host}", f"https://{host}"):
                return "Requests from other origins are refused."
            if headers.get("content-type", "").split(";")[0] != "application/json":
                return "Only JSON is taken."
            if not headers.get("content-length", "").isdigit() or int(headers["content-length"]) > MOST_BYTES:
                return f"A request holds at most {MOST_BYTES:,} bytes."
        return None

    def _carries_token(self, scope: Scope, headers: Headers) -> bool:
        query = scope.get("query_string", b"").decode("latin-1")
        given = [part.partition("=")[2] for part in query.split("&") if part.startswith("token=")]
        given += [
            part.strip().partition("=")[2]
            for part in headers.get("cookie", "").split(";")
            if part.strip().startswith("symcalc=")
        ]
        return any(secrets.compare_digest(word, self.token or "") for word in given)
