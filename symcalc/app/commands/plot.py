"""`symcalc plot`: one picture of a loss, its slopes or a descent, written to a file."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symcalc.app import arguments
from symcalc.app.failures import DONE
from symcalc.app.inputs import formula_options, kinks_option, partial_point, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.compute.program import Program
    from symcalc.views.figures.kinds import Asked

STEPS = 30
SHARES = (0.05, 0.25, 0.5, 0.9, 1.02)

HELP = """One picture of a loss, written as .png, .svg or .pdf, with its words in the file.

\b
KIND is one of
  cost-curve   the loss along one parameter, its tangent, where a step should land
  fit          the data, the model, each row's residual
  contour      lines of equal loss over two parameters, with the path of a run
  surface      the loss over two parameters as a landscape
  loss         the loss at every step of a run
  rates        the loss at every step for several learning rates
  error-curve  the error of numeric slopes against their step h
  rows         which rows pull on a slope, and how hard
  terms        what each term of the loss adds to a slope, step by step
  secant       secants that turn into the tangent as h shrinks
  basins       which minimum each start of a grid reaches
  eigen        along which way the loss bends most, and least

\b
symcalc plot cost-curve movies --set m=1.417 --at b=70 --learning-rate 0.25 --steps 5 -o cost.png
symcalc plot contour rosenbrock --at x=-1.2,y=1 --optimizer adam --learning-rate 0.1 --steps 200 -o path.svg
symcalc plot rates "mean((y - (m*x + b))^2)" --data your.csv --learning-rate 1e-7,1e-6,1e-5 -o rates.png
symcalc plot basins himmelblau --range x=-5..5,y=-5..5 -o basins.png
symcalc plot error-curve "exp(a)" --at a=1 -o v.pdf
"""


@click.command(help=HELP, short_help="One picture of a loss, its slopes or a descent.")
@click.argument("kind")
@formula_options()
@click.option("--at", metavar="POINT", help="Where to look, and where a run starts: m=1,b=2; the rest is 0.")
@click.option(
    "--over", metavar="NAMES", help="The entries to draw along: b, or m,b; those that move most unless given."
)
@click.option("--range", "range_", metavar="NAME=A..B", multiple=True, help="From where to where: x=-5..5,y=-5..5.")
@click.option("--optimizer", metavar="RULE", default="gradient-descent", help="How a run walks.")
@click.option("--learning-rate", metavar="R", help="The rate of a run; for rates, several: 0.1,0.5,1.")
@click.option("--steps", type=click.IntRange(min=0), metavar="N", help=f"How many steps a run takes (default {STEPS}).")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to: .png, .svg or .pdf.")
@kinks_option
@output_options
def command(
    kind: str, formula: str, data: str | None, set_: tuple[str, ...], columns: tuple[str, ...], shape: tuple[str, ...],
    parameters: str | None, at: str | None, over: str | None, range_: tuple[str, ...], optimizer: str,
    learning_rate: str | None, steps: int | None, output: str, kinks: str | None, out: Output,
) -> int:  # fmt: skip
    """Arguments in, a file out; see `HELP`."""
    from symcalc.views.figures.kinds import KINDS
    from symcalc.views.figures.save import checked_format, save

    checked_format(output)
    if not Path(output).parent.is_dir():
        raise InputError(f"There is no folder {Path(output).parent} to write {Path(output).name} to.")
    row = KINDS.get(kind)
    if row is None:
        near = get_close_matches(kind, KINDS, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There is {', '.join(KINDS)}."
        raise InputError(f"There is no kind of picture {kind!r}. {hint}")
    from symcalc.api import compile, differentiate

    loss = read_inputs(formula, data, set_, columns, shape, parameters)
    program = compile(differentiate(loss) if kinks is None else differentiate(loss, kinks=kinks))
    if not program.layout.names:
        raise InputError("There is nothing to draw along: every name of the loss is a column or has a value.")
    walk = Walk(program, at, optimizer, learning_rate, steps)
    picture = row.draw(walk.asked(row.walks, over, range_))
    save(picture, output)
    if out.json:
        out.document({"file": output, "kind": kind, "title": picture.title, "alt": picture.alt})
    else:
        out.write(picture.alt)
        out.tell(f"The picture is in {output}.")
    return DONE


class Walk:
    """The runs that a picture shows."""

    def __init__(self, program: Program, at: str | None, optimizer: str, rate: str | None, steps: int | None) -> None:
        from symcalc.descent.start import start_of

        self.program, self.optimizer = program, optimizer
        self.rates = arguments.numbers(rate, "--learning-rate", "0.1,0.5") if rate is not None else []
        self.steps, self.walks = STEPS if steps is None else steps, steps is not None or rate is not None
        given = None if at is None else partial_point(at, program)
        vector, _ = start_of(program, given)
        self.point: dict[str, Any] = program.layout.split(vector)

    def asked(self, walks: str, over: str | None, range_: tuple[str, ...]) -> Asked:
        """What the picture is to show, with the runs it needs."""
        from symcalc.curvature.spectrum import largest_rate
        from symcalc.views.figures.kinds import Asked

        run, runs = None, []
        limit = None
        if walks == "run":
            if len(self.rates) > 1:
                raise InputError("This picture shows one run: give one learning rate, or draw the kind rates.")
            run = self.run(self.rates[0] if self.rates else None)
        elif walks == "rates":
            limit = largest_rate(self.program, self.program.layout.joined(self.point))
            if not self.rates and limit is None:
                raise InputError("The loss does not bend up here, so no rate stands out: --learning-rate 0.01,0.1,1.")
            runs = [(rate, self.run(rate)) for rate in self.rates or [share * (limit or 1.0) for share in SHARES]]
        entries = tuple(arguments.names(over)) if over else ()
        return Asked(self.program, self.point, run, runs, entries, arguments.ranges(range_), limit)

    def run(self, rate: float | None = None) -> Any:
        """A descent from the point."""
        from symcalc.api import descend

        return descend(self.program, self.point, self.optimizer, learning_rate=rate, steps=self.steps)
