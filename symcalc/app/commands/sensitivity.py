"""`symcalc sensitivity`: how an end point would move if a constant, a cell of the data or the rate did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from symcalc.app.inputs import formula_options, partial_point, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.compute.program import Program


@click.command(short_help="How the end would move if a constant or a cell of the data did.")
@formula_options()
@click.option("--to", "to", metavar="NAME", multiple=True, required=True,
              help="What moves: lam, y, y[3] (from 0), or learning_rate for a run. May be repeated.")  # fmt: skip
@click.option("--at", metavar="POINT", help="A point near the minimum; where a descent would start else.")
@click.option(
    "--steps", type=click.IntRange(1, 100_000), metavar="N", help="Ask of the end of a run of N steps instead."
)
@click.option("--start", metavar="POINT", help="Where the run begins.")
@click.option("--optimizer", metavar="RULE", default="gradient-descent", show_default=True, help="Its rule.")
@click.option("--learning-rate", type=float, metavar="R", help="Its rate.")
@output_options
def command(
    formula: str,
    data: str | None,
    set_: Sequence[str],
    columns: Sequence[str],
    shape: Sequence[str],
    parameters: str | None,
    to: Sequence[str],
    at: str | None,
    steps: int | None,
    start: str | None,
    optimizer: str,
    learning_rate: float | None,
    out: Output,
) -> None:
    """How an end point would move, to first order, if a constant, a cell of the data or the learning rate did.

    Without --steps the end is the minimum near --at, and the implicit function theorem gives the answer; with --steps it is
    the end of a run, which is differentiated step by step.

    \b
    Examples:
      symcalc sensitivity "mean((y - m*x)^2) + lam*m^2" --data movies --set lam=0.1 --to lam
      symcalc sensitivity movies --to "y[4]" --to "x[4]"
      symcalc sensitivity movies --to y
      symcalc sensitivity rosenbrock --steps 50 --learning-rate 0.001 --to learning_rate
    """
    from symcalc.api import compile, descend, differentiate, sensitivity

    if steps is None and (start is not None or learning_rate is not None):
        raise InputError("--start and --learning-rate speak of a run: say how many --steps it has.")
    if steps is not None and at is not None:
        raise InputError("--at speaks of a minimum and --steps of a run: leave one out.")
    program = compile(differentiate(read_inputs(formula, data, set_, columns, shape, parameters)))
    if steps is None:
        of: Any = program
        place = None if at is None else _point(at, program, "--at")
    else:
        begin = None if start is None else partial_point(start, program, "--start")
        of, place = descend(program, begin, optimizer, learning_rate, steps), None
    found = [sensitivity(of, word, place) for word in to]

    from symcalc.views import derivation
    from symcalc.views import sensitivity as view
    from symcalc.views.look import Look

    if out.json:
        out.document(view.document(program.loss, found))
        return
    for line in derivation.typed(program.loss, out.width):
        out.write(out.bold(line))
    for line in view.lines(program, found, Look(out.width, out.digits, out.ascii)):
        out.write(line)


def _point(at: str, program: Program, option: str) -> Any:
    from symcalc.descent.start import start_of

    return start_of(program, partial_point(at, program, option))[0]
