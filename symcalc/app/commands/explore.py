"""`symcalc explore`: the explorer, a page on this machine in which typing, dragging and stepping feel instant."""

from __future__ import annotations

import click

from symcalc.app.failures import DONE
from symcalc.app.output import tell
from symcalc.errors import InputError

PORT = 8765

HELP = """Open the explorer: a page on this machine to type a loss, see its slope, and walk down it.

Nothing leaves this machine; the page works without a network. Ctrl-C ends it.

\b
symcalc explore
symcalc explore "mean((y - (m*x + b))^2)" --data your.csv
symcalc explore rosenbrock --port 9000 --no-browser
"""


@click.command(help=HELP, short_help="Open the explorer, a page on this machine.")
@click.argument("formula", required=False)
@click.option("--data", metavar="FILE", help="CSV or Parquet file, or a lesson's table: movies.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, metavar="N", help="0: any free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="NAME", help="Another address needs its token.")
@click.option(
    "--seconds", type=click.FloatRange(0, min_open=True), default=5.0, show_default=True, metavar="N",
    help="How long a formula may take before it is stopped.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Do not open a browser; the address is printed.")
def command(formula: str | None, data: str | None, port: int, host: str, seconds: float, no_browser: bool) -> int:
    """Serves until Ctrl-C; see `HELP`."""
    from symcalc.app.opening import page

    try:
        page(_begin(formula, data), tell, port, host, not no_browser, seconds=seconds)
    except OSError as error:
        raise InputError(
            f"Port {port} of {host} cannot be used ({error.strerror}): give another one, --port 0."
        ) from None
    return DONE


def _begin(formula: str | None, data: str | None) -> dict[str, object]:
    """What the page starts with."""
    begin: dict[str, object] = {}
    if formula is not None:
        from symcalc.app.inputs import formula_text, named_lesson, named_row

        begin["formula"] = formula if named_row(formula) or named_lesson(formula) else formula_text(formula)
        begin["data"] = None
    if data is not None:
        from symcalc.app.web.tables import for_page

        begin["data"] = for_page(data)
    return begin
