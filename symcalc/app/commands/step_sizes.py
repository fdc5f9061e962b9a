"""`symcalc step-sizes`: which learning rates can work from a point, before any step is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from symcalc.app.inputs import formula_options, partial_point, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.app.walking import constants_argument, constants_option
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.compute.program import Program
    from symcalc.curvature.step_sizes import StepSizes
    from symcalc.descent.trace import Trace


@click.command(short_help="Which learning rates can work, before a step is taken.")
@formula_options()
@click.option("--at", metavar="POINT", help="Where: m=1,b=2 or 'w=[1,2]' or @point.json; the start of a descent else.")
@click.option("--learning-rate", type=float, metavar="R", help="A rate to judge; the best constant one else.")
@click.option("--optimizer", metavar="RULE", default="gradient-descent", show_default=True, help="The rule it is for.")
@constants_option
@click.option("--tolerance", type=float, metavar="T", help="How many steps until the gradient is shorter than this.")
@click.option("--steps", type=click.IntRange(1, 100_000), metavar="N", help="Run so many, beside the closed form.")
@output_options
def command(
    formula: str,
    data: str | None,
    set_: Sequence[str],
    columns: Sequence[str],
    shape: Sequence[str],
    parameters: str | None,
    at: str | None,
    learning_rate: float | None,
    optimizer: str,
    optimizer_constants: Sequence[str],
    tolerance: float | None,
    steps: int | None,
    out: Output,
) -> None:
    """Which learning rates can work from a point, by the exact Hessian there.

    The largest stable rate, the best constant one, the condition, and what a step leaves of the error along each
    eigenvector; for a quadratic loss this holds for the whole run, which --steps shows in closed form beside the run.

    \b
    Examples:
      symcalc step-sizes movies --at m=0,b=0
      symcalc step-sizes "sum((y - (m*x + b))^2)" --data steplab --at m=43,b=12 --learning-rate 0.026
      symcalc step-sizes rosenbrock --at x=-1.2,y=1 --optimizer momentum
      symcalc step-sizes "mean((y - (a + b))^2)" --data your.csv --json
      symcalc step-sizes "x^2 + 10*y^2" --at x=3,y=4 --steps 20
    """
    from symcalc.api import compile, descend, differentiate, step_sizes

    program = compile(differentiate(read_inputs(formula, data, set_, columns, shape, parameters)))
    constants = constants_argument(optimizer_constants)
    found = step_sizes(program, _point(at, program), learning_rate, optimizer, constants)
    needed = _needed(found, tolerance)
    run = None
    if steps is not None:
        found.path(1)
        run = descend(program, found.point, optimizer, found.learning_rate, steps, constants=constants)
    _shown(found, program, needed, tolerance, run, out)


def _point(at: str | None, program: Program) -> Any:
    from symcalc.descent.start import start_of

    return start_of(program, None if at is None else partial_point(at, program, "--at"))[0]


def _needed(found: StepSizes, tolerance: float | None) -> int | None:
    if tolerance is None:
        return None
    if not found.quadratic:
        raise InputError("--tolerance is answered for quadratic losses alone; this one is not proven quadratic.")
    return found.steps_to(tolerance)


def _shown(
    found: StepSizes, program: Program, needed: int | None, tolerance: float | None, run: Trace | None, out: Output
) -> None:
    from symcalc.views import derivation, step_sizes
    from symcalc.views.look import Look
    from symcalc.views.tables import folded

    if out.json:
        out.document(step_sizes.document(program.loss, found, needed, tolerance, run))
        return
    for line in derivation.typed(program.loss, out.width):
        out.write(out.bold(line))
    for note in program.loss.notes:
        for line in folded(f"note: {note}", out.width, 2):
            out.write(line)
    for line in step_sizes.lines(found, Look(out.width, out.digits, out.ascii), needed, tolerance, run):
        out.write(line)
