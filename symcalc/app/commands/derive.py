"""`symcalc derive`: the gradient of a loss, why it is that, and how far it was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from symcalc.app import arguments
from symcalc.app.failures import BAD_ANSWER, DONE
from symcalc.app.inputs import formula_options, kinks_option, point_argument, read_inputs
from symcalc.app.output import Output, output_options
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.calculus.gradient import Gradient
    from symcalc.compute.contributions import Contributions
    from symcalc.compute.program import Program
    from symcalc.derivation.line import Derivation
    from symcalc.language.loss import Loss


@click.command(short_help="The gradient of a loss, derived step by step and checked.")
@formula_options()
@click.option("--wrt", metavar="NAME", multiple=True, help="Differentiate by these only: m, or a column or definition.")
@click.option("--at", metavar="POINT", help="Put numbers in: m=1,b=2 or 'w=[1,2]' or @point.json.")
@click.option(
    "--explain",
    type=click.IntRange(0, 3),
    default=1,
    show_default=True,
    metavar="0..3",
    help="0: the result; 1: one line an idea; 2: every rule that is applied; 3: with the numbers of --at.",
)
@click.option("--index", is_flag=True, help="Write the slopes in index form: Σ_i X[i,j]·r[i].")
@click.option("--hessian", is_flag=True, help="Show the second derivatives as well.")
@click.option("--jacobian", metavar="NAME", help="Show how each entry of a definition changes: --jacobian yhat.")
@click.option("--pull", is_flag=True, help="At --at, say which rows and which terms of the loss make each slope.")
@kinks_option
@click.option(
    "--to",
    type=click.Choice(["numpy"]),
    help="Print code instead: a NumPy module with value, gradient, Hessian.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "latex", "mathml", "markdown", "html"]),
    default="text",
    help="Write the derivation alone, in this form.",
)
@output_options
def command(
    formula: str,
    data: str | None,
    set_: Sequence[str],
    columns: Sequence[str],
    shape: Sequence[str],
    parameters: str | None,
    wrt: Sequence[str],
    at: str | None,
    explain: int,
    index: bool,
    hessian: bool,
    jacobian: str | None,
    pull: bool,
    to: str | None,
    kinks: str | None,
    form: str,
    out: Output,
) -> int:
    """The exact gradient of a loss, derived step by step and checked.

    FORMULA is text, - for standard input, @file, or a name of the catalogue (symcalc catalogue).

    \b
    Examples:
      symcalc derive "mean((y - (m*x + b))^2)"
      symcalc derive movies --at m=1.417,b=133.33
      symcalc derive "X = [tv, radio]; mean((sales - (X@w + b))^2)" --data sales.csv
      symcalc derive "mean((y - (m*x + b))^2) + lam*m^2" --set lam=0.1 --explain 2
      symcalc derive "x@A@x" --shape x=3,A=3x3 --wrt x
      symcalc derive rosenbrock --at x=-1.2,y=1 --hessian --json
      symcalc derive "h = tanh(X@w); mean((y - h)^2)" --shape w=3 --jacobian h
      symcalc derive "trace(K@S) - logdet(K)" --shape K=2x2 --parameters K --positive-definite K --set "S=[[2,1],[1,3]]"
      symcalc derive "log(1 + exp(-y*p))" --wrt p --to numpy > logistic.py
      echo "log(1 + exp(-z))" | symcalc derive -
    """
    loss = read_inputs(formula, data, set_, columns, shape, parameters)
    found = _Found(loss, arguments.names(wrt) if wrt else None, at, hessian, kinks, jacobian)
    if pull:
        found.pull()
    if to is not None:
        return _take_away(found.gradient, out)
    if out.json:
        out.document(found.document(explain))
    elif form != "text":
        _formatted(found, explain, form, out)
    else:
        _show(found, explain, index, out)
    return BAD_ANSWER if found.gradient.verdict.status == "failed" else DONE


def _take_away(gradient: Gradient, out: Output) -> int:
    from symcalc.views import numpy_code

    text = numpy_code.module(gradient, out.style)
    if out.json:
        out.document({"language": "numpy", "code": text})
    else:
        out.write(text.rstrip("\n"))
    return BAD_ANSWER if gradient.verdict.status == "failed" else DONE


class _Found:
    """Everything a derivation shows; what could be wrong with the input comes out here, before anything is shown."""

    def __init__(
        self, loss: Loss, wrt: list[str] | None, at: str | None, hessian: bool, kinks: str | None, jacobian: str | None
    ) -> None:
        from symcalc.api import compile, differentiate
        from symcalc.compute.bound import column

        self.loss = loss
        self.gradient: Gradient = differentiate(loss, wrt) if kinks is None else differentiate(loss, wrt, kinks)
        self.program: Program | None = None
        self.point: dict[str, Any] | None = None
        self.value: Any = None
        self.slopes: dict[str, Any] = {}
        self.values: Mapping[Any, Any] | None = None
        self.kinks: tuple[str, ...] = ()
        self.blocks: Mapping[tuple[str, str], Any] = {}
        self.bends: dict[tuple[str, str], Any] = {}
        self.hessian = hessian
        if hessian:
            from symcalc.calculus.hessian import second_derivatives

            self.blocks = second_derivatives(self.gradient)
        self.jacobian = jacobian
        self.contributions: Contributions | None = None
        self.entries: Mapping[str, Any] = {}
        self.moves: dict[str, Any] = {}
        if jacobian is not None:
            from symcalc.calculus.jacobian import jacobian as derived

            self.entries = derived(loss, jacobian)
        for name in loss.columns if loss.data is not None else ():
            column(loss, name)
        if at is not None:
            self.program = compile(self.gradient)
            self._put_in(self.program, at)

    def _put_in(self, program: Program, at: str) -> None:
        from symcalc.views.equation_values import equation_values

        self.point = point_argument(at, program)
        self.value, self.slopes = program.value_and_gradient(self.point)
        self.values = equation_values(program, self.point)
        for name, slope in zip(self.gradient.wrt, self.gradient.slopes):
            self.slopes.setdefault(name.name, self.values[slope.symbol])
        self.kinks = program.kinks(self.point)
        if self.jacobian is not None:
            from symcalc.api import jacobian

            self.moves = jacobian(program, self.point, self.jacobian)
        if self.hessian:
            words = {name.name for name in self.gradient.wrt}
            blocks = program.hessian(self.point)
            self.bends = {pair: block for pair, block in blocks.items() if words.issuperset(pair)}

    @property
    def away(self) -> str:
        """That the point stands on no kink, and which is nearest; "" where the loss has none."""
        from symcalc.compute.nearest_kink import nearest
        from symcalc.curvature.joints import slopes_jump

        if self.program is None or self.kinks or not slopes_jump(self.program):
            return ""
        found = nearest(self.program, self.point)
        return "" if found is None else f"on no kink: the nearest is that of {found.nearest.place}"

    def pull(self) -> None:
        """Works out what each row and each term adds to the slopes."""
        from symcalc.api import contributions

        if self.program is None:
            raise InputError("--pull needs a point: --at m=1,b=2.")
        self.contributions = contributions(self.program, self.point)

    def derivation(self, level: int) -> Derivation:
        """The derivation at a level; numbers only where there is a point."""
        numbered = level == 3 and self.point is not None
        told = level if level < 3 or numbered else 1
        found: Derivation = self.gradient.explain(told, self.point if numbered else None)
        return found

    def document(self, level: int = 1) -> dict[str, Any]:
        from symcalc.views import json_form, kinks, pull, subdifferential, units

        blocks = json_form.hessian_blocks(self.gradient, self.blocks, self.bends) if self.hessian else None
        found = json_form.derivation(self.gradient, self.point, self.value, self.slopes, blocks)
        if self.jacobian is not None:
            found["jacobian"] = json_form.jacobian(self.jacobian, self.entries, self.moves)
        if self.contributions is not None:
            found["contributions"] = pull.document(self.contributions)
        at_kink = subdifferential.document(self.program, self.point) if self.program and self.kinks else {}
        conventions = kinks.conventions(self.loss, self.gradient.kinks)
        return {
            **found, "units": units.document(self.gradient), "derivation": self.derivation(level).document, "convention": self.gradient.kinks, "conventions": conventions, "kinks": list(self.kinks), **at_kink,
        }  # fmt: skip


def _show(found: _Found, explain: int, index: bool, out: Output) -> None:
    from symcalc.views import derivation, explanation, kinks, numbers, pull, second, subdifferential, units
    from symcalc.views.tables import folded

    loss, gradient, width = found.loss, found.gradient, out.width
    for line in derivation.typed(loss, width):
        out.write(out.bold(line))
    measured = units.lines(gradient, out.style)
    for line in derivation.reading(loss, width, out.digits, [measured] if measured else []):
        out.write(line)
    for note in loss.notes:
        for line in folded(f"note: {note}", width, 2):
            out.write(line)
    out.write()
    for line in derivation.slopes(gradient, out.style, width, index=index):
        out.write(line)
    for sentence in derivation.layout(gradient):
        for line in folded(sentence, width, 2):
            out.write(line)
    if not gradient.wrt:
        out.write("  The loss has no parameters, so there is no slope.")
    told = kinks.conventions(loss, gradient.kinks)
    for sentence in told:
        for line in folded(f"kink: {sentence}", width, 4):
            out.write(line)
    if not told and gradient.wrt:
        out.write("    no kinks: the slopes go on smoothly")
    if found.hessian:
        out.write()
        for line in second.lines(gradient, found.blocks, found.bends, width, out.digits, out.style):
            out.write(line)
    if found.jacobian is not None:
        out.write()
        for line in second.jacobian_lines(found.entries, found.moves, width, out.digits, out.style):
            out.write(line)
    if explain:
        out.write()
        out.write("why")
        derived = found.derivation(explain)
        for line in explanation.lines(derived, width, out.style):
            out.write(line)
        if explain == 3 and found.point is None:
            out.write("  (numbers stand behind each line where --at says at which point)")
        found_so = f"all {len(derived.lines)} hold" if derived.verdict else derived.verdict.sentence
        out.write(f"  each line judged alone: {found_so}")
    if found.point is not None:
        out.write()
        for line in folded(f"at {numbers.point(found.point, out.digits)}", width):
            out.write(line)
        pairs = [(loss.name, found.value)]
        pairs += [(gradient.slope_name(n.name).name, found.slopes[n.name]) for n in gradient.wrt]
        column = max(len(left) for left, _ in pairs)
        for left, number in pairs:
            for line in folded(f"{left:<{column}} = {numbers.value(number, out.digits)}", width, 2):
                out.write(line)
        if found.program is not None and found.contributions is not None:
            for line in pull.lines(found.program, found.contributions, width, out.digits):
                out.write(f"  {line}")
        if found.program is not None and not _finite(found.value):
            for line in folded(found.program.not_finite(found.point), width, 2):
                out.write(line)
        for sentence in found.kinks:
            for line in folded(f"kink: {sentence}", width, 2):
                out.write(line)
        away = found.away
        for line in folded(away, width, 2) if away else []:
            out.write(line)
        if found.program is not None and found.kinks:
            for sentence in subdifferential.lines(found.program, found.point, out.digits, out.style):
                for line in folded(sentence, width, 2):
                    out.write(line)
    out.write()
    out.flush()
    out.write(derivation.verdict(gradient))


def _formatted(found: _Found, level: int, form: str, out: Output) -> None:
    """The derivation alone, as LaTeX, MathML, Markdown or HTML."""
    made = getattr(found.derivation(level), form)
    out.write((made if isinstance(made, str) else "\n".join(made)).rstrip("\n"))


def _finite(value: Any) -> bool:
    import numpy as np

    return bool(np.isfinite(value).all())
