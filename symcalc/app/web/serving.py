"""The explorer on a port of this machine, until Ctrl-C."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

from symcalc.app.web.nursery import Nursery
from symcalc.app.web.worker import SECONDS


def serve(
    begin: dict[str, Any],
    host: str,
    port: int,
    browser: bool,
    tell: Callable[[str], None],
    nursery: Nursery,
    seconds: float = SECONDS,
) -> None:
    """Serves the explorer until it is interrupted.

    Args:
        begin: What the page starts with.
        host: The address to bind; any but a loopback one is reached only with a token.
        port: The port; 0 takes any free one.
        browser: Whether to open a browser.
        tell: Says where the page is.
        nursery: Where processes come from.
        seconds: How long one question may take while someone types.

    Raises:
        OSError: The port cannot be bound.
    """
    near = host in ("127.0.0.1", "localhost", "::1")
    token = None if near else secrets.token_urlsafe(24)
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{bound}/" + (f"?token={token}" if token else "")
    hosts = () if near else (shown, socket.gethostname())
    tell(f"The explorer is at {address}  (Ctrl-C ends it)")
    if browser:
        # Some browsers are waited for; and while one starts, so does the server: the port listens already.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    import uvicorn

    from symcalc.app.web.server import application

    app = application(begin, hosts, token, nursery, seconds)
    # The first slope is derived while the page is on its way.
    threading.Thread(target=app.state.explorer.first, daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, lifespan="off", ws="none")
    )
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        app.state.explorer.close()
        listener.close()
