"""`symcalc animate`: a descent as a moving picture, in step with its formulas."""

from __future__ import annotations

from pathlib import Path

import click

from symcalc.app import arguments
from symcalc.app.commands.plot import Walk
from symcalc.app.failures import DONE
from symcalc.app.inputs import formula_options, kinks_option, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.errors import InputError

HELP = """A descent as a moving picture: the data with the model, the way down, the loss at each step.

Written as .gif, .apng, or as a .html page that also shows the formulas of each step and needs nothing else.

\b
symcalc animate movies3 --learning-rate 1e-5 --steps 30 -o run.gif
symcalc animate rosenbrock --optimizer adam --learning-rate 0.1 --steps 200 -o run.html
symcalc animate "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)" --data movies --learning-rate 0.1 -o fit.apng
"""


@click.command(help=HELP, short_help="A descent as a moving picture.")
@formula_options()
@click.option("--at", metavar="POINT", help="Where the descent begins: m=1,b=2; the rest is 0.")
@click.option("--optimizer", metavar="RULE", default="gradient-descent", help="How it walks.")
@click.option("--learning-rate", metavar="R", help="Its rate; else every step backtracks from 1.")
@click.option("--steps", type=click.IntRange(min=0), metavar="N", help="How many (default 30).")
@click.option("--seconds", type=click.FloatRange(0.02, 10), default=0.25, show_default=True, help="For each picture.")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to: .gif, .apng or .html.")
@kinks_option
@output_options
def command(
    formula: str, data: str | None, set_: tuple[str, ...], columns: tuple[str, ...], shape: tuple[str, ...],
    parameters: str | None, at: str | None, optimizer: str, learning_rate: str | None, steps: int | None,
    seconds: float, output: str, kinks: str | None, out: Output,
) -> int:  # fmt: skip
    """Arguments in, a file out; see `HELP`."""
    from symcalc.api import compile, differentiate
    from symcalc.views.figures.animation import FORMATS, save

    if Path(output).suffix.lower() not in FORMATS:
        raise InputError(f"A moving picture is written as {', '.join(FORMATS)}: {output}")
    if not Path(output).parent.is_dir():
        raise InputError(f"There is no folder {Path(output).parent} to write {Path(output).name} to.")
    if learning_rate is not None and len(arguments.numbers(learning_rate, "--learning-rate", "0.1")) > 1:
        raise InputError("A moving picture shows one run: give one learning rate.")
    loss = read_inputs(formula, data, set_, columns, shape, parameters)
    program = compile(differentiate(loss) if kinks is None else differentiate(loss, kinks=kinks))
    if not program.layout.names:
        raise InputError("There is nothing to walk down: every name of the loss is a column or has a value.")
    walk = Walk(program, at, optimizer, learning_rate, steps)
    alt = save(walk.run(walk.rates[0] if walk.rates else None), output, seconds)
    if out.json:
        out.document({"file": output, "alt": alt})
    else:
        out.write(alt)
        out.tell(f"The moving picture is in {output}.")
    return DONE
