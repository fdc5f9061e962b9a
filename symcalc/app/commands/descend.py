"""symcalc descend: walk down a loss, with the formulas beside every step; alone, the lesson."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from symcalc.app.failures import BAD_ANSWER, DONE, INTERRUPTED
from symcalc.app.inputs import formula_options, kinks_option, named_lesson, partial_point, read_inputs
from symcalc.app.output import Output, output_options_up_to
from symcalc.app.progress import Progress
from symcalc.app.told import lever_descent
from symcalc.app.walking import walking_options
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.catalogue.story import Lesson
    from symcalc.descent.side_by_side import SideBySide
    from symcalc.descent.trace import Trace
    from symcalc.language.loss import Loss

LESSON = "movies"
STEPS = 100
PAUSED_STEPS = 10
LONG = 10_000
SHOWN = 6

HELP = """Walk down a loss: every step with its formulas, the numeric slope, the predicted change.

Without options a lesson (movies, movies3, steplab, passfail, houses) is told as a story; --json, --save and
--plot then speak of its last descent, in which every lever moves. With options its loss is walked down plainly.

\b
symcalc descend                                        the lesson on movies
symcalc descend passfail                               a classifier
symcalc descend movies --start m=0,b=0 --learning-rate 1e-6 --steps 10
symcalc descend "mean((y - (m*x + b))^2)" --data your.csv --set m=1.4 --learning-rate 0.25
symcalc descend rosenbrock --optimizer adam --learning-rate 0.1 --steps 500 --every 100
symcalc descend "x^2 + y^2" --start x=3,y=4 --optimizer "point = point - 0.1*gradient"
symcalc descend movies --compare forward --h 0.001     where a numeric slope would lead
symcalc descend movies --steps 50 --save run.json      to go on from, and to predict with
symcalc descend movies --set m=1.417 --start b=70 --learning-rate 0.25 --pause    guess what comes next
symcalc descend --resume run.json --steps 50 --save run.json
symcalc descend movies --optimizer newton --digits 20                      twenty correct digits
symcalc descend exponential --data your.csv --optimizer levenberg-marquardt
symcalc descend movies --optimizer sgd --batch-size 2 --seed 1 --schedule 1/t --learning-rate 1e-6
symcalc descend movies --bounds b=0..100 --optimizer newton
"""


@click.command(help=HELP, short_help="Walk down a loss, with the formulas beside every step.")
@formula_options(required=False)
@click.option(
    "--start", metavar="POINT", help="Where to begin: m=0,b=0, 'w=[1,2]' or @point.json; the rest starts at 0."
)
@click.option("--optimizer", metavar="RULE", help="A name of the catalogue, or lines: point = point - 0.1*gradient.")
@click.option(
    "--learning-rate",
    type=float,
    metavar="R",
    help="How far to go per unit of slope; else the best constant one, or backtracking.",
)
@click.option(
    "--steps",
    type=click.IntRange(min=0),
    metavar="N",
    help=f"How many steps at most (default {STEPS}); when resuming, how many more.",
)
@click.option(
    "--tolerance",
    type=float,
    metavar="T",
    help="End when the gradient is shorter than this; 0 walks to the last digit.",
)
@click.option(
    "--compare", metavar="METHOD", help="Numeric slope shown beside: forward, central, complex-step, richardson ..."
)
@click.option("--h", "h", type=float, metavar="H", help="Its step.")
@click.option(
    "--every", type=click.IntRange(min=1), metavar="K", help="Show each K-th step instead of 0, 1, 2, 5, 10, 20, 50 ..."
)
@click.option("--save", metavar="FILE", help="Save the run, to resume it or to predict with it.")
@click.option("--resume", metavar="FILE", help="Go on from a saved run.")
@click.option("--plot", metavar="FILE", help="Draw the run: .png, .svg or .pdf.")
@click.option("--pause", is_flag=True, help="Wait at every step and take a guess at the next change; q ends.")
@click.option("--float32", is_flag=True, help="Work rows out in float32; what that costs is told at the end.")
@kinks_option
@walking_options
@output_options_up_to(200, "Significant digits on the screen; above 6 the end is polished to so many.")
def command(
    formula: str | None, data: str | None, set_: tuple[str, ...], columns: tuple[str, ...], shape: tuple[str, ...],
    parameters: str | None, start: str | None, optimizer: str | None, learning_rate: float | None, steps: int | None,
    tolerance: float | None, compare: str | None, h: float | None, every: int | None, save: str | None,
    resume: str | None, plot: str | None, pause: bool, float32: bool, kinks: str | None,
    walking: dict[str, Any], out: Output,
) -> int:  # fmt: skip
    """Arguments in, text out; see `HELP`."""
    _check_targets(save, plot)
    walk = {
        "start": start, "optimizer": optimizer, "learning_rate": learning_rate, "steps": steps,
        "tolerance": tolerance, "compare": compare, "h": h, **walking, "dtype": "float32" if float32 else None,
        "digits": out.asked if out.asked > SHOWN else None,
    }  # fmt: skip
    reading = (data, set_, columns, shape, parameters)
    plain = (
        resume is None
        and not pause
        and every is None
        and kinks is None
        and not any(reading)
        and all(v is None for name, v in walk.items() if name != "digits")
    )
    lesson = named_lesson(formula or LESSON)
    if plain and lesson is not None:
        return _tell(lesson, save, plot, out)
    if formula is None and resume is None and any((data, columns, shape, parameters)):
        raise InputError('Which loss? Write it first: symcalc descend "mean((y - (m*x + b))^2)" --data your.csv.')
    if pause:
        return _paused(_loss(formula, resume, reading), walk, resume, kinks, save, plot, out)
    trace = _walked(_loss(formula, resume, reading), {**walk, "save": save}, resume, kinks, out)
    return _shown(trace, every, save, plot, out)


def _paused(
    loss: Loss, walk: dict[str, Any], resume: str | None, kinks: str | None, save: str | None, plot: str | None, out: Output
) -> int:  # fmt: skip
    """A descent with a pause at every step; where it is ended early, what was looked at is what there is."""
    from symcalc.app.pausing import Pausing, document
    from symcalc.views.descent_json import document as run_document
    from symcalc.views.tables import folded

    asked = {**walk, "steps": PAUSED_STEPS if walk["steps"] is None else walk["steps"]}
    trace = _walked(loss, asked, resume, kinks, out)
    pausing = Pausing(trace, out)
    looked = pausing.run()
    early = looked < len(trace.steps) - 1
    if early:
        trace = _walked(loss, {**asked, "steps": looked}, resume, kinks, out)
    _keep(trace, save, plot, out)
    if out.json:
        out.document({**run_document(trace), "guesses": document(pausing.guesses)})
        return _code(trace)
    message = f"Ended after {looked} steps, at loss {trace.loss:.{out.digits}g}." if early else trace.message
    for line in folded(message, out.width):
        out.write(line)
    return _code(trace)


def _loss(formula: str | None, resume: str | None, reading: tuple[Any, ...]) -> Loss:
    if formula is not None or resume is None:
        return read_inputs(formula or LESSON, *reading)
    from symcalc.app.saved_loss import loss_of
    from symcalc.sources.run_file import read_run

    data, *declared = reading
    if any(declared):
        raise InputError(
            "A resumed run keeps how its names were read: leave --set, --columns, --shape, --parameters out."
        )
    return loss_of(read_run(resume), data)


def _walked(loss: Loss, walk: dict[str, Any], resume: str | None, kinks: str | None, out: Output) -> Trace:
    """The descent as asked for."""
    from symcalc.api import compile, descend, differentiate
    from symcalc.sources.run_file import read_run

    before = {} if resume is None else read_run(resume)
    kinks = before.get("kinks") if kinks is None else kinks
    asked = {"dtype": before.get("dtype", "float64"), **{name: v for name, v in walk.items() if v is not None}}
    program = compile(differentiate(loss) if kinks is None else differentiate(loss, kinks=kinks), asked.pop("dtype"))
    if not program.layout.names:
        raise InputError(
            "There is nothing to learn: every name of the loss is a column or has a value. Leave one out of --set."
        )
    if "start" in asked:
        asked["start"] = partial_point(asked["start"], program, "--start")
    asked.setdefault("steps", STEPS)
    if resume is None and not any(name in asked for name in ("batch_size", "schedule", "bounds", "constraints")):
        _warn(program, asked, out)
    with Progress(asked["steps"]) as progress:
        return descend(program, on_step=progress, resume=resume, **asked)


def _warn(program: Any, asked: Mapping[str, Any], out: Output) -> None:
    """A rate that cannot work is named before a long walk; for a short one the note above its steps is soon enough."""
    from symcalc.descent.foresight import foresee
    from symcalc.descent.optimizer import optimizer_named
    from symcalc.descent.rates import checked_rate
    from symcalc.descent.start import start_of

    rate = checked_rate(asked.get("learning_rate"))
    if rate is None or asked["steps"] < LONG:
        return
    rule = optimizer_named(asked.get("optimizer", "gradient-descent"), asked.get("constants"))
    foreseen = foresee(program, rule, start_of(program, asked.get("start"))[0], rate)
    if foreseen.diverges:
        out.tell(f"symcalc: {foreseen.notes[0]}")


def _shown(trace: Trace, every: int | None, save: str | None, plot: str | None, out: Output) -> int:
    """Prints; the run is saved by now, so that a closed pipe loses nothing."""
    from symcalc.views.descent import descent
    from symcalc.views.descent_json import document
    from symcalc.views.look import Look

    _keep(trace, None, plot, out)
    # Who ended the descent does not wait for its twin.
    compares = trace.compare is not None and trace.stop_reason.word != "interrupted"

    @functools.cache
    def beside() -> SideBySide | None:
        from symcalc.descent.side_by_side import side_by_side

        with Progress(len(trace.steps) - 1) as progress:
            return side_by_side(trace, progress)

    if out.json:
        out.document(document(trace, beside() if compares else None))
    else:
        look = Look(out.width, out.digits, out.ascii)
        saved = None if save is None else shlex.quote(save)
        for line in descent(trace, look, every, saved, beside if compares else None):
            out.write(line)
            if not line:
                out.flush()
    twin = beside() if compares else None
    return INTERRUPTED if twin is not None and twin.interrupted else _code(trace)


def _tell(lesson: Lesson, save: str | None, plot: str | None, out: Output) -> int:
    """A lesson as a story; its last descent is what is saved, drawn, or written as JSON."""
    from symcalc.views.descent_json import document
    from symcalc.views.look import Look
    from symcalc.views.story import story

    levers = lesson.levers[-1:] if out.json else lesson.levers
    traces = [lever_descent(lesson, lever) for lever in levers]
    _keep(traces[-1], save, plot, out)
    if out.json:
        out.document(document(traces[-1]))
        return _code(traces[-1])
    for line in story(lesson, traces, Look(out.width, out.digits, out.ascii)):
        out.write(line)
    if save is not None:
        out.tell(f"The last descent is in {save}: symcalc predict {shlex.quote(save)} --data new.csv")
    return DONE


def _keep(trace: Trace, save: str | None, plot: str | None, out: Output) -> None:
    if save is not None:
        from symcalc.descent.save import save as save_run

        save_run(trace, save)
    if plot is not None:
        from symcalc.views.figures.run import run_picture
        from symcalc.views.figures.save import save as save_picture

        save_picture(run_picture(trace), plot)  # type: ignore[arg-type]
        out.tell(f"The picture is in {plot}.")


def _check_targets(save: str | None, plot: str | None) -> None:
    """A file that cannot be written is said before the walk, not after it."""
    if plot is not None:
        from symcalc.views.figures.save import checked_format

        checked_format(plot)
    for path in (Path(p) for p in (save, plot) if p is not None):
        if not path.parent.is_dir():
            raise InputError(f"There is no folder {path.parent} to write {path.name} to.")
        if path.is_dir():
            raise InputError(f"{path} is a folder. Name a file in it.")


def _code(trace: Trace) -> int:
    word = trace.stop_reason.word
    if word == "interrupted":
        return INTERRUPTED
    gradient: Any = trace.program.gradient_equations  # type: ignore[attr-defined]
    return BAD_ANSWER if word in ("diverged", "not_finite") or gradient.verdict.status == "failed" else DONE
