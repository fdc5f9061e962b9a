"""The explorer's addresses: the page, its parts, and what it asks."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any

import anyio.to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from symcalc.app.web import first_answer
from symcalc.app.web.beginning import lessons, state
from symcalc.app.web.guards import Guards
from symcalc.app.web.nursery import Nursery
from symcalc.app.web.worker import SECONDS, Run, Worker
from symcalc.views.page.assets import FONT, asset, explorer_module, explorer_style, font

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# What is answered while someone types, and what may take longer.
QUICK, BENCH = ("derive", "offers"), ("bench",)
SLOW = ("why", "verdict", "compare", "check", "export", "exercise", "attempt", "table")
# What takes longer may take so many times as long.
LONGER = 4
_KEPT = 60
_PARTS = {
    "explorer.js": (explorer_module, "text/javascript"),
    "explorer.css": (explorer_style, "text/css"),
    FONT: (font, "font/woff2"),
}


class Explorer:
    """The workers and what they made for a page to fetch.

    Args:
        begin: What a page begins with: formula, data, kinds, values.
        nursery: Where their processes come from; one that is started now unless given.
        seconds: How long one question may take while someone types.
    """

    def __init__(self, begin: dict[str, Any], nursery: Nursery | None = None, seconds: float = SECONDS) -> None:
        self.begin, self.nursery = begin, nursery or Nursery()
        self.quick = Worker(self.nursery, seconds, latest=True)
        # The bench is made beside the formulas of the next key, not before them.
        self.bench = Worker(self.nursery, seconds, latest=True)
        self.slow, self.walker = (Worker(self.nursery, LONGER * seconds) for _ in range(2))
        self.run: Run | None = None
        self.code: OrderedDict[str, str] = OrderedDict()
        self._first: dict[str, Any] | None = None
        self._asking = threading.Lock()

    def first(self) -> dict[str, Any]:
        """The answer to what a page begins with: kept from an earlier start, or asked once, before there is a page."""
        with self._asking:
            if self._first is None or "error" in self._first:
                key = first_answer.key_of(self.begin)
                self._first = first_answer.found(key)
                if self._first is None:
                    self._first = self.quick.ask("derive", self.begin)
                    first_answer.keep(key, self._first)
            return self._first

    def keep(self, code: str) -> str:
        """Keeps JavaScript for the page to import, and returns its name there."""
        name = hashlib.sha256(code.encode("utf-8")).hexdigest()[:24]
        self.code[name] = code
        self.code.move_to_end(name)
        while len(self.code) > _KEPT:
            self.code.popitem(last=False)
        return name

    def walk(self, document: dict[str, Any]) -> Run:
        """A run; one that still goes on is stopped."""
        self.stop()
        self.run = Run(self.walker, "run", document)
        return self.run

    def stop(self) -> None:
        """Stops the run that goes on, at once."""
        if self.run is not None:
            self.run.stop()

    def close(self) -> None:
        """Ends all processes."""
        for worker in (self.quick, self.bench, self.slow, self.walker):
            worker.kill()
        self.nursery.close()


def application(
    begin: dict[str, Any] | None = None,
    hosts: Sequence[str] = (),
    token: str | None = None,
    nursery: Nursery | None = None,
    seconds: float = SECONDS,
) -> Starlette:
    """The explorer as an ASGI application.

    Args:
        begin: What the page starts with: formula, data.
        hosts: Names it may be asked for by, besides those of a loopback address.
        token: What requests must carry; None on a loopback address.
        nursery: Where processes come from; one that is started now unless given.
        seconds: How long one question may take while someone types.
    """
    explorer = Explorer(state(begin), nursery, seconds)

    async def page(request: Request) -> Response:
        return Response(asset("explorer.html"), media_type="text/html")

    async def part(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _PARTS:
            return JSONResponse({"error": {"reason": f"There is no {name}."}}, 404)
        text, kind = _PARTS[name]
        return Response(text(), media_type=kind)

    async def made(request: Request) -> Response:
        code = explorer.code.get(request.path_params["name"])
        if code is None:
            return JSONResponse({"error": {"reason": "This code is gone: derive the formula again."}}, 404)
        return Response(f"export default {code};\n", media_type="text/javascript")

    async def start(request: Request) -> Response:
        return JSONResponse({"state": explorer.begin, "lessons": lessons()})

    async def first(request: Request) -> Response:
        return JSONResponse(await anyio.to_thread.run_sync(explorer.first, abandon_on_cancel=True))

    async def ask(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in (*QUICK, *BENCH, *SLOW):
            return JSONResponse({"error": {"reason": f"There is no question {name}."}}, 404)
        document = await _document(request)
        if document is None:
            return _NO_DOCUMENT
        worker = explorer.quick if name in QUICK else explorer.bench if name in BENCH else explorer.slow
        found = await anyio.to_thread.run_sync(partial(worker.ask, name, document), abandon_on_cancel=True)
        if "code" in found:
            found["code"] = explorer.keep(found["code"])
        return JSONResponse(found)

    async def run(request: Request) -> Response:
        document = await _document(request)
        if document is None:
            return _NO_DOCUMENT
        walk = await anyio.to_thread.run_sync(explorer.walk, document)

        async def lines() -> AsyncIterator[str]:
            try:
                while (found := await anyio.to_thread.run_sync(walk.next, abandon_on_cancel=True)) is not None:
                    yield json.dumps(found) + "\n"
            finally:
                # Also where the page was closed in the middle of it.
                walk.stop()

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    async def stop(request: Request) -> Response:
        explorer.stop()
        return JSONResponse({})

    routes = [
        Route("/", page), Route("/part/{name}", part), Route("/code/{name}.js", made), Route("/start", start),
        Route("/first", first), Route("/ask/{name}", ask, methods=["POST"]), Route("/run", run, methods=["POST"]),
        Route("/stop", stop, methods=["POST"]),
    ]  # fmt: skip
    made_app = Starlette(routes=routes, middleware=[Middleware(Guards, hosts=(*LOOPBACK, *hosts), token=token)])
    made_app.state.explorer = explorer
    return made_app


async def _document(request: Request) -> dict[str, Any] | None:
    """What a request says; None where it is no JSON document."""
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


_NO_DOCUMENT = JSONResponse({"error": {"reason": "The request is not a JSON document."}}, 400)
