"""`symcalc compare`: numeric slopes beside the exact ones, and both beside 40 digits."""

from __future__ import annotations

from collections.abc import Sequence

import click

from symcalc.app.inputs import formula_options, point_argument, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.errors import InputError


@click.command(short_help="Numeric slopes beside the exact ones.")
@formula_options()
@click.option("--at", metavar="POINT", required=True, help="Where: m=1,b=2 or 'w=[1,2]' or @point.json.")
@click.option(
    "--methods", metavar="NAMES", help="Which: forward,backward,central,five-point,complex-step,richardson,adaptive."
)
@click.option("--h", "h", type=float, metavar="H", help="The step h; each method's own unless given.")
@click.option("--curve", metavar="NAME", help="The error for many steps h, in this parameter (m or w[0]).")
@output_options
def command(
    formula: str,
    data: str | None,
    set_: Sequence[str],
    columns: Sequence[str],
    shape: Sequence[str],
    parameters: str | None,
    at: str,
    methods: str | None,
    h: float | None,
    curve: str | None,
    out: Output,
) -> None:
    """Numeric slopes (differences of the loss) beside the exact ones.

    \b
    Examples:
      symcalc compare movies --at m=1.4,b=100
      symcalc compare movies --at m=1.4,b=100 --methods forward,central --h 0.001
      symcalc compare rosenbrock --at x=-1.2,y=1 --json
      symcalc compare "exp(x)" --parameters x --at x=1 --methods forward,central --curve x
      symcalc compare "mean(abs(y - m*x))" --data your.csv --at m=2
    """
    from symcalc.api import compare, compile, differentiate

    loss = read_inputs(formula, data, set_, columns, shape, parameters)
    if loss.per_row:
        raise InputError(f"{loss.name} has one value a row; reduce it with mean(…) or sum(…) to compare its slopes.")
    if not loss.parameters:
        raise InputError("The loss has no parameters, so there is no slope to compare.")
    program = compile(differentiate(loss))
    found = compare(program, point_argument(at, program), methods, h)
    value = program.value(found.point)
    applied = dict.fromkeys(row.method for row in found.rows if row.numeric is not None)
    curves = [] if curve is None else [found.curve(curve, name) for name in applied]

    from symcalc.views import comparison, derivation, error_curves, json_form, numbers
    from symcalc.views.tables import folded

    if out.json:
        out.document(json_form.comparison(loss, found, value, curves))
        return
    for line in derivation.typed(loss, out.width):
        out.write(out.bold(line))
    notes = [f"note: {note}" for note in (*loss.notes, *found.notes)]
    where = f"at {numbers.point(found.point, out.digits)}: {loss.name} = {numbers.value(value, out.digits)}"
    for text in (*notes, where):
        for line in folded(text, out.width, 2):
            out.write(line)
    out.write()
    for line in error_curves.lines(curves, out.width) if curves else comparison.lines(found, out.width, out.digits):
        out.write(line)
