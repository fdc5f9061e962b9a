"""What a command line says about a loss, and how its words become values.

    @click.command()
    @formula_options()                  FORMULA --data --set --columns --shape --parameters
    @output_options                     --json --ascii --digits, as one `out: Output`
    def command(formula, data, set_, columns, shape, parameters, out): ...

    loss  = read_inputs(formula, data, set_, columns, shape, parameters)
    point = point_argument("m=1,b=2", program)

SymPy and NumPy are imported when a loss is read, not when help is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from symcalc.app import arguments
from symcalc.errors import DataError, FormulaError, InputError

if TYPE_CHECKING:
    from symcalc.compute.program import Program
    from symcalc.language.loss import Loss

Command = TypeVar("Command", bound=Callable[..., Any])

STANDARD_INPUT = "-"
# What may be said of a square matrix.
STRUCTURES = ("symmetric", "positive-definite")
MOST_CHARACTERS = 1_000_000


def formula_options(required: bool = True) -> Callable[[Command], Command]:
    """Adds FORMULA and everything that says what its names are.

    The command gets `formula data set_ columns shape parameters`, as typed: hand them to `read_inputs`.

    Args:
        required: Whether FORMULA must be given; `formula` is None where it may be left out and was.
    """

    def decorate(command: Command) -> Command:
        for option in reversed(_formula_options(required)):
            command = option(command)
        return command

    return decorate


def _formula_options(required: bool) -> list[Callable[[Any], Any]]:
    return [
        click.argument("formula", required=required, shell_complete=_complete_formula),
        click.option("--data", metavar="FILE", type=_DataName(), help="CSV or Parquet file, or a lesson's table: movies."),
        click.option(
            "--set", "set_", metavar="NAME=NUMBER", multiple=True,
            help="Give a name a value and hold it: lam=0.1, or 'w=[1,2]'. May be repeated.",
        ),
        click.option(
            "--columns", metavar="NAME=HEADER", multiple=True,
            help="Bind a name to columns of the data: X=tv,radio or y='Budget ($m)'. May be repeated.",
        ),
        click.option("--shape", metavar="NAME=SIZES", multiple=True, help="Give arrays their shape: W=50x64,v=3."),
        click.option("--parameters", metavar="NAMES", help="Say what is learned: m,b. Nothing else is then."),
        *(
            click.option(
                f"--{word}", metavar="NAMES", multiple=True, expose_value=False, callback=_keep,
                help=f"Say that square matrices are {word}: A,B.",
            )
            for word in STRUCTURES
        ),
        click.option(
            "--latex", is_flag=True, expose_value=False, callback=_keep,
            help=r"FORMULA is LaTeX: '\frac{1}{n} \sum_{i=1}^n (y_i - (m x_i + b))^2'.",
        ),
    ]  # fmt: skip


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keeps an option that only the reading of the formula looks at."""
    context.meta[f"symcalc.{parameter.name}"] = value


def _kept(name: str) -> Any:
    context = click.get_current_context(silent=True)
    return None if context is None else context.meta.get(f"symcalc.{name}")


def kinks_option(command: Command) -> Command:
    """Adds `--kinks`: what to take for a slope where there is none; None where nothing is said."""
    return click.option(
        "--kinks", metavar="CONVENTION",
        help="Slope taken at a kink: minimum-norm (default), left, right, average, sympy, jax or torch.",
    )(command)  # fmt: skip


class _DataName(click.Path):
    """A file's name for completion; whether it exists is asked where it is read, which knows what to suggest."""

    def __init__(self) -> None:
        super().__init__(exists=False, dir_okay=False)

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        return value


def read_inputs(
    formula: str,
    data: str | None = None,
    set_: Sequence[str] = (),
    columns: Sequence[str] = (),
    shape: Sequence[str] = (),
    parameters: str | None = None,
) -> Loss:
    """The loss that a command line speaks of.

    Args:
        formula: Formula text, `-` for standard input, `@file`, or the name of a lesson, loss or surface.
        data: Path of a CSV file or name of a lesson; a lesson's own table where `formula` names a lesson.
        set_: Texts `name=value`, comma lists of them.
        columns: Texts `name=header,header`.
        shape: Texts `name=4x3`.
        parameters: Names, separated by commas.

    Raises:
        SymcalcError: Something cannot be used; the sentence says what.
    """
    from symcalc.api import parse, parse_latex

    constants = arguments.assignments(set_, "--set", "lam=0.1")
    given: dict[str, Any] = {
        "columns": arguments.bindings(columns) or None,
        "parameters": arguments.names(parameters) if parameters is not None else None,
    }
    if shape:
        given["shapes"] = arguments.shapes(shape)
    for word in (name.replace("-", "_") for name in STRUCTURES):
        if _kept(word):
            given[word] = arguments.names(_kept(word))
    row = named_row(formula)
    if row is not None:
        return row_loss(row, data, constants, given)
    lesson = named_lesson(formula)
    if lesson is not None:
        return parse(lesson.loss, data if data is not None else lesson.name, constants=constants, **given)
    read = parse_latex if _kept("latex") else parse
    return read(formula_text(formula), data, constants=constants, **given)


def row_loss(row: Any, data: Any, constants: dict[str, Any], given: dict[str, Any]) -> Loss:
    """A loss or surface of the catalogue, with its constants, parameters and start where nothing else is said."""
    from symcalc.api import parse

    held = {**row.constants, **constants}
    if given["parameters"] is None and row.parameters is not None:
        given["parameters"] = {name: shape for name, shape in row.parameters.items() if name not in held}
    loss = parse(row.text, data, constants=held, **given)
    known = {p.name for p in loss.parameters}
    return replace(loss, start={name: value for name, value in row.start.items() if name in known})


def named_row(word: str) -> Any:
    """The loss, model or surface of the catalogue with a name, or None."""
    from symcalc.catalogue.losses import LOSSES
    from symcalc.catalogue.models import MODELS
    from symcalc.catalogue.surfaces import SURFACES

    return LOSSES.get(word) or MODELS.get(word) or SURFACES.get(word)


def named_lesson(word: str) -> Any:
    """The lesson with a name, or None."""
    from symcalc.catalogue.lessons import LESSONS

    return LESSONS.get(word)


def formula_text(formula: str) -> str:
    """The text of a formula: as given, from standard input (`-`) or from a file (`@file`).

    Raises:
        DataError: The file cannot be read.
        InputError: It is the name of a file, or nearly that of a lesson.
        FormulaError: There is no text.
    """
    if formula == STANDARD_INPUT:
        return _standard_input()
    if formula.startswith("@"):
        from symcalc.sources.text_file import read_text

        return _not_empty(read_text(formula[1:]), formula[1:])
    _refuse_slips(formula)
    return _not_empty(formula, "the formula")


def _standard_input() -> str:
    if sys.stdin.isatty():
        print("symcalc: type the formula; end with Ctrl-D on a line of its own.", file=sys.stderr)
    content = sys.stdin.buffer.read(MOST_CHARACTERS + 1)
    if len(content) > MOST_CHARACTERS:
        raise DataError(f"Standard input has more than {MOST_CHARACTERS:,} bytes, too many to be a formula.")
    try:
        return _not_empty(content.decode("utf-8-sig"), "standard input")
    except UnicodeDecodeError:
        raise DataError("Standard input is not UTF-8 text.") from None


def _not_empty(text: str, where: str) -> str:
    if not text.strip():
        raise FormulaError(f"There is no formula in {where}. Write one, such as mean((y - (m*x + b))^2).", text)
    return text


def _refuse_slips(formula: str) -> None:
    """A file without its @, or the misspelled name of a lesson, would be read as a strange formula."""
    plain = formula.strip()
    if len(plain) < 200 and "\n" not in plain and "." in plain and Path(plain).is_file():
        raise InputError(f"{plain} is a file: write @{plain} to read the formula from it, or --data {plain}.")
    if plain.replace("_", "a").replace("-", "a").isalnum() and len(plain) >= 4:
        near = get_close_matches(plain.lower(), known_names(), n=1, cutoff=0.75)
        if near:
            raise InputError(
                f"There is no lesson, loss or surface '{plain}'. Did you mean '{near[0]}'? "
                "'symcalc catalogue' lists them all."
            )


def known_names() -> list[str]:
    """Every word that stands for a formula: lessons, losses, models, surfaces."""
    from symcalc.catalogue.lessons import LESSONS
    from symcalc.catalogue.losses import LOSSES
    from symcalc.catalogue.models import MODELS
    from symcalc.catalogue.surfaces import SURFACES

    return [*LESSONS, *LOSSES, *MODELS, *SURFACES]


def point_argument(text: str, program: Program) -> dict[str, Any]:
    """A point: `m=1,b=2`, `'w=[1,2]'`, or `@point.json` (name → number or lists; a saved run gives its last point).

    One number for an array stands for all its entries.

    Returns:
        Parameter name → float or array of the parameter's shape.

    Raises:
        InputError: The text is no point, or does not fit the parameters.
        DataError: The file cannot be read.
    """
    return program.layout.checked(partial_point(text, program, "The point"))


def partial_point(text: str, program: Program, option: str = "--at") -> dict[str, Any]:
    """A point as for `point_argument`, or some of it; `option` is what messages call it.

    Raises:
        InputError: The text is no point.
        DataError: The file cannot be read.
    """
    import numpy as np

    if text.startswith("@"):
        from symcalc.app.point_file import read_point

        given: Mapping[str, Any] = read_point(text[1:])
    else:
        given = arguments.assignments([text], option, "m=1,b=2")
    shapes = program.layout.shapes
    return {
        name: np.full(shapes[name], value) if shapes.get(name) and np.ndim(value) == 0 else value
        for name, value in given.items()
    }


def _complete_formula(context: Any, parameter: Any, incomplete: str) -> list[str]:
    return [name for name in known_names() if name.startswith(incomplete)]
