"""`symcalc catalogue`: lessons, losses, surfaces, optimizers and functions, all or one."""

from __future__ import annotations

import click

from symcalc.app.output import Output, output_options


@click.command(short_help="Lessons, losses, surfaces, optimizers, functions.")
@click.argument("name", required=False, metavar="[KIND|NAME]")
@output_options
def command(name: str | None, out: Output) -> None:
    """What symcalc knows by name: lessons, losses, surfaces, optimizers, functions.

    \b
    Examples:
      symcalc catalogue                  everything, a line each
      symcalc catalogue losses           one kind
      symcalc catalogue huber            one row: formula, constants, minimum, source
      symcalc catalogue surfaces --json
    """
    from symcalc.views import catalogue

    found = catalogue.chosen(name)
    if out.json:
        out.document(catalogue.document(found))
        return
    for line in catalogue.lines(found, out.width):
        out.write(line)
