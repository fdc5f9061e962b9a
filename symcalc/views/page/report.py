"""A report: everything about one loss and one descent in a single file that opens without a network.

page = report(trace)             a whole HTML page: formula, slopes, derivation, run, pictures, and a bench to try it on
"""

from __future__ import annotations

from typing import Any

import numpy as np

import symcalc
from symcalc.calculus.gradient import Gradient
from symcalc.descent.trace import Step, Trace
from symcalc.errors import InputError
from symcalc.sources.run_file import plain
from symcalc.views import derivation, kinks
from symcalc.views.figures.inline import svg
from symcalc.views.figures.run import run_picture
from symcalc.views.look import Look
from symcalc.views.page.assets import one_module, report_style
from symcalc.views.page.formulas import levels, linked
from symcalc.views.page.markup import folded, inside_script, table, text
from symcalc.views.page.spec import bench
from symcalc.views.steps import shown

POINTS = 5


def report(trace: Trace, title: str | None = None, numeric: dict[str, Any] | None = None) -> str:
    """The report of a descent.

    Args:
        trace: The descent.
        title: What the page is called; the formula unless given.
        numeric: {"method", "h"} of the numeric slopes on the bench; a central difference unless given.
    """
    program: Any = trace.program
    gradient: Gradient = program.gradient_equations
    loss = gradient.loss
    name = title or f"{loss.name} = {loss.formula.statements[-1].name or loss.text}"
    typed, slopes = linked(gradient)
    parts = [
        f"<h1>{text(title or 'A loss and its slope')}</h1>",
        _formula(gradient, typed),
        _slopes(gradient, slopes),
        _why(gradient, trace.steps[0].point),
        _bench(trace, numeric),
        _run(trace),
        f"<footer><p>Made by symcalc {text(symcalc.__version__)}. This page asks nothing of any network.</p></footer>",
    ]
    body = "".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{text(name)}</title>\n<style>\n{report_style()}</style>\n</head>\n"
        f'<body class="symcalc">\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    )


def _formula(gradient: Gradient, statements: str) -> str:
    loss = gradient.loss
    lines = derivation.typed(loss, 100)
    read = text("\n".join(derivation.reading(loss, 100)))
    notes = "".join(f"<p>note: {text(note)}</p>" for note in loss.notes)
    return (
        f"<section><h2>The loss</h2>{statements}<pre>{text(chr(10).join(lines))}</pre>"
        f"<h3>How its names were read</h3><pre>{read}</pre>{notes}</section>"
    )


def _slopes(gradient: Gradient, slopes: list[str]) -> str:
    legend = "".join(f"<p>where <code>{text(line)}</code></p>" for line in derivation.legend(gradient))
    layout = "".join(f"<p>{text(line)}</p>" for line in derivation.layout(gradient))
    stated = "".join(f"<p>kink: {text(line)}</p>" for line in kinks.conventions(gradient.loss, gradient.kinks))
    verdict = f"<p>{text(derivation.verdict(gradient))}</p>"
    formulas = "".join(slopes) + '<p id="origin" class="origin" aria-live="polite"></p>'
    return f"<section><h2>Its slope</h2>{formulas}{legend}{layout}{stated}{verdict}</section>"


def _why(gradient: Gradient, point: Any) -> str:
    parts = [folded(title, html, opened=not k) for k, (title, html) in enumerate(levels(gradient, point))]
    return f"<section><h2>Why</h2>{''.join(parts)}</section>"


def _bench(trace: Trace, numeric: dict[str, Any] | None) -> str:
    program: Any = trace.program
    first = trace.steps[0]
    try:
        document, code = bench(
            program, first.point, rate=trace.learning_rate, optimizer=trace.optimizer.name, numeric=numeric
        )
    except InputError as error:
        return f"<section><h2>Try it</h2><p>{text(error)}</p></section>"
    document["truth"] = truth(trace)
    return (
        '<section><h2>Try it</h2><div id="bench"></div><p id="agreement" role="status"></p>'
        "<noscript><p>The bench needs JavaScript.</p></noscript>"
        f'<script type="module">\n{one_module()}\nconst spec = {inside_script(document)};\nconst code = {code};\n{_START}</script></section>'
    )


_START = """window.symcalc = mount(document.getElementById("bench"), spec, code);
lights(document.querySelector("main"), document.getElementById("origin"));
let worst = 0;
for (const { point, value, slopes } of spec.truth) {
  const came = window.symcalc.model.at(point);
  const scale = Math.max(1, ...slopes.map(Math.abs));
  worst = Math.max(worst, Math.abs(came.value - value) / Math.max(1, Math.abs(value)), ...slopes.map((s, k) => Math.abs(came.slopes[k] - s) / scale));
}
document.getElementById("agreement").textContent = worst <= 1e-12
  ? `The slopes on this page are JavaScript made by the same equations; at ${spec.truth.length} points they agree with NumPy to 12 digits.`
  : `The slopes on this page differ from NumPy by ${worst.toExponential(1)}: do not trust them.`;
"""


def truth(trace: Trace) -> list[dict[str, Any]]:
    """Points with their values and slopes in NumPy, for the page to check its own against."""
    program: Any = trace.program
    draw = np.random.default_rng(0)
    start, end = trace.points[0], trace.points[-1]
    end = end if np.isfinite(end).all() else start
    span = np.maximum(np.abs(end - start), 0.1 * np.maximum(1.0, np.abs(start)))
    points = [start, end, *(start + draw.uniform(0, 1, start.shape) * span for _ in range(POINTS - 2))]
    found = []
    for point in points:
        value, slopes = program.value_and_gradient(point)
        if np.isfinite(value) and np.isfinite(slopes).all():
            found.append({"point": point, "value": value, "slopes": slopes})
    document: list[dict[str, Any]] = plain(found)
    return document


def _run(trace: Trace) -> str:
    look = Look()
    rows = [_row(trace, trace.steps[k], look) for k in shown(0, len(trace.steps) - 1)]
    head = ("step", "point", "loss", "slope", "predicted change", "change that came")
    picture = run_picture(trace)  # type: ignore[arg-type]
    return (
        f"<section><h2>A descent</h2><p>{text(trace.optimizer.name)}: <code>{text(trace.optimizer.formula)}</code></p>"
        + table(head, rows)
        + f"<p>{text(trace.message)}</p><figure>{svg(picture)}<figcaption>{text(picture.alt)}</figcaption></figure></section>"
    )


def _row(trace: Trace, step: Step, look: Look) -> tuple[str, ...]:
    def listed(values: dict[str, Any]) -> str:
        few = [f"{n} {look.number(v)}" for n, v in values.items() if np.ndim(v) == 0][:4]
        more = len(values) - len(few)
        return text(", ".join(few) + (f" and {more} more" if more else ""))

    def change(value: float | None) -> str:
        return "" if value is None else look.number(value)

    return (
        str(step.index), listed(step.point), look.number(step.loss), listed(step.gradient),
        change(step.predicted_change), change(step.actual_change),
    )  # fmt: skip
