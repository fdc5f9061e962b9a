"""`symcalc report`: one HTML file with everything about a loss and a descent, to open anywhere."""

from __future__ import annotations

from pathlib import Path

import click

from symcalc.app.failures import BAD_ANSWER, DONE
from symcalc.app.inputs import formula_options, kinks_option, named_lesson, partial_point, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.app.told import lever_descent
from symcalc.errors import InputError

STEPS = 30

HELP = """One HTML file with everything about a loss: formula, slopes, why, a descent, and a bench to try it on.

It opens from disk without a network. Its sliders and step buttons work out the slopes in JavaScript made by the same
equations, and check themselves against numbers of NumPy that the page holds.

\b
symcalc report movies -o lesson.html
symcalc report "mean((y - (m*x + b))^2)" --data your.csv --learning-rate 1e-6 -o page.html
symcalc report rosenbrock --optimizer adam --learning-rate 0.1 --steps 200 -o rosenbrock.html
"""


@click.command(help=HELP, short_help="One HTML file with everything about a loss and a descent.")
@formula_options()
@click.option("--start", metavar="POINT", help="Where the descent begins: m=0,b=0; the rest starts at 0.")
@click.option("--optimizer", metavar="RULE", default="gradient-descent", help="How it walks.")
@click.option("--learning-rate", type=float, metavar="R", help="Its rate; else every step backtracks from 1.")
@click.option("--steps", type=click.IntRange(min=0), default=STEPS, show_default=True, metavar="N", help="How many.")
@click.option("--title", metavar="TEXT", help="What the page is called.")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to: page.html.")
@kinks_option
@output_options
def command(
    formula: str, data: str | None, set_: tuple[str, ...], columns: tuple[str, ...], shape: tuple[str, ...],
    parameters: str | None, start: str | None, optimizer: str, learning_rate: float | None, steps: int,
    title: str | None, output: str, kinks: str | None, out: Output,
) -> int:  # fmt: skip
    """Arguments in, a file out; see `HELP`."""
    from symcalc.api import compile, descend, differentiate
    from symcalc.sources.run_file import write_atomically
    from symcalc.views.page.report import report

    if Path(output).suffix.lower() not in (".html", ".htm"):
        raise InputError(f"A report is written as .html: {output}")
    if not Path(output).parent.is_dir():
        raise InputError(f"There is no folder {Path(output).parent} to write {Path(output).name} to.")
    reading = (data, set_, columns, shape, parameters)
    untold = start is None and learning_rate is None and not any(reading)
    lesson = named_lesson(formula) if untold else None
    if lesson is not None:
        lever = lesson.levers[-1]
        trace, numeric = lever_descent(lesson, lever), {"method": lever.method, "h": lever.h}
        title = title or lesson.about
    else:
        loss = read_inputs(formula, *reading)
        program = compile(differentiate(loss) if kinks is None else differentiate(loss, kinks=kinks))
        if not program.layout.names:
            raise InputError("There is nothing to learn: every name of the loss is a column or has a value.")
        begun = None if start is None else partial_point(start, program, "--start")
        trace, numeric = descend(program, begun, optimizer, learning_rate=learning_rate, steps=steps), None
    page = report(trace, title, numeric)
    write_atomically(output, page.encode("utf-8"))
    if out.json:
        out.document({"file": output, "stop_reason": trace.stop_reason.word, "bytes": len(page.encode("utf-8"))})
    else:
        out.write(f"The report is in {output}: open it in a browser.")
    return BAD_ANSWER if trace.stop_reason.word in ("diverged", "not_finite") else DONE
