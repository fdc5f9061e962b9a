"""What the page may ask, each question one function: a document in, a document out.

These run in a worker process. Whatever a user can cause comes back as {"error": {reason, line, column, …}}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from symcalc.app.web.asked import csv_table, found, named_table
from symcalc.errors import FormulaError, InputError, SymcalcError
from symcalc.sources.run_file import plain

Document = dict[str, Any]


def derive(request: Mapping[str, Any]) -> Document:
    """The loss typeset, how its names were read, and its slopes: what is shown at every key."""
    from symcalc.views import derivation, kinks
    from symcalc.views.page.formulas import linked, statements

    here = found(request)
    loss, gradient = here.loss, here.gradient
    names = [
        {"name": n.name, "kind": n.kind, "shape": n.shape, "how": n.how, "value": loss.values.get(n.name)}
        for n in (*loss.parameters, *loss.columns, *loss.constants, *loss.definitions)
    ]
    answer: Document = {
        "typed": loss.text, "loss_name": loss.name, "names": names, "notes": list(loss.notes),
        "lesson": named_table(request), "slopes": [], "legend": [], "kinks": [],
    }  # fmt: skip
    if gradient is None:
        answer["statements"] = statements(loss)
        answer["notes"].append("The loss has no parameters, so there is no slope.")
        return plain(answer)  # type: ignore[no-any-return]
    answer["statements"], formulas = linked(gradient)
    answer["slopes"] = [
        {"name": name.name, "html": html, "text": gradient.text[name.name], "latex": gradient.latex[name.name]}
        for name, html in zip(gradient.wrt, formulas)
    ]
    answer["legend"] = derivation.legend(gradient)
    answer["kinks"] = list(kinks.conventions(loss, gradient.kinks))
    return plain(answer)  # type: ignore[no-any-return]


def bench(request: Mapping[str, Any]) -> Document:
    """The bench of a loss, or why there is none; asked when no key was pressed for a moment."""
    from symcalc.compute.program import compile_gradient
    from symcalc.views.page import spec

    gradient = found(request).gradient
    if gradient is None:
        return {"bench": None}
    try:
        program = compile_gradient(gradient)
        known = {name: value for name, value in (request.get("start") or {}).items() if name in program.layout.names}
        document, code = spec.bench(program, known or None)
    except SymcalcError as error:
        return {"bench": None, "no_bench": str(error)}
    return plain({"bench": document, "code": code})  # type: ignore[no-any-return]


def why(request: Mapping[str, Any]) -> Document:
    """The derivation, a table for each level; with numbers where the loss has a value at the point."""
    from symcalc.views.page.formulas import levels

    gradient = _gradient(request)
    try:
        found = levels(gradient, request.get("point") or None)
    except SymcalcError:
        found = levels(gradient)
    return {"levels": [{"title": title, "html": html} for title, html in found]}


def verdict(request: Mapping[str, Any]) -> Document:
    """How far the slopes were checked."""
    from symcalc.views import derivation

    gradient = _gradient(request)
    return {"sentence": derivation.verdict(gradient), "good": bool(gradient.verdict)}


def compare(request: Mapping[str, Any]) -> Document:
    """Difference methods against the exact slopes at a point: a table, why each misses, the V curve."""
    from symcalc.api import compare as compared
    from symcalc.api import compile
    from symcalc.app.web.pictures import v_curve
    from symcalc.numeric.differences import METHODS
    from symcalc.views import json_form
    from symcalc.views.comparison import explained

    program = compile(_gradient(request))
    result = compared(program, at=request.get("point") or {}, methods=list(METHODS))
    rows = [json_form.comparison_row(row, scans=False) for row in result.rows]
    told = [*explained(result), *result.notes]
    return plain({"rows": rows, "notes": told, "picture": v_curve(result)})  # type: ignore[no-any-return]


def check(request: Mapping[str, Any]) -> Document:
    """Whether somebody's slope is right, and which mistake leads to it if not."""
    from symcalc.api import check as checked

    answer = request.get("answer")
    if not isinstance(answer, str) or not answer.strip():
        raise InputError("Type the slope first, such as -2*mean(x*(y - (m*x + b))).")
    wrt = request.get("wrt") if isinstance(request.get("wrt"), str) else None
    made = checked(found(request).loss, wrt, answer)
    return plain(  # type: ignore[no-any-return]
        {
            "verdict": made.verdict,
            "diagnosis": made.diagnosis,
            "right": made.right,
            "counterexample": None if made.counterexample is None else vars(made.counterexample),
        }
    )


def table(request: Mapping[str, Any]) -> Document:
    """A pasted or dropped table: its text as CSV, and its columns as the page shows them."""
    name, text = str(request.get("name") or "your table"), request.get("text")
    if isinstance(request.get("parquet"), str):
        from symcalc.app.web.tables import from_parquet

        text = from_parquet(request["parquet"], name)
    if not isinstance(text, str):
        raise InputError("A table is text, or the bytes of a Parquet file.")
    read = csv_table(text, name)
    columns: Document = {}
    for name in read.names:
        try:
            columns[name] = read.column(name)
        except SymcalcError as error:
            columns[name] = str(error)
    return plain({"text": text, "rows": read.rows, "columns": columns, "notes": list(read.notes)})  # type: ignore[no-any-return]


def offers(request: Mapping[str, Any]) -> Document:
    """What can be completed: functions with their arguments, and names of the catalogue."""
    from symcalc.catalogue.lessons import LESSONS
    from symcalc.catalogue.losses import LOSSES
    from symcalc.catalogue.methods import METHODS
    from symcalc.catalogue.models import MODELS
    from symcalc.catalogue.optimizers import OPTIMIZERS
    from symcalc.catalogue.surfaces import SURFACES
    from symcalc.language.vocabulary import FUNCTIONS

    rows = [{"word": f"{word}(", "about": row.about, "kind": "function"} for word, row in FUNCTIONS.items()]
    for kind, listed in (("lesson", LESSONS), ("loss", LOSSES), ("model", MODELS), ("surface", SURFACES)):
        rows += [{"word": word, "about": row.about, "kind": kind} for word, row in listed.items()]
    walkers = [{"word": word, "about": row.about} for word, row in {**OPTIMIZERS, **METHODS}.items()]
    return {"words": rows, "optimizers": walkers}


def export(request: Mapping[str, Any]) -> Document:
    """The loss to take away: a report, LaTeX, a NumPy module."""
    gradient = _gradient(request)
    kind = request.get("kind")
    if kind == "numpy":
        from symcalc.views.numpy_code import module

        return {"name": "gradient.py", "text": module(gradient)}
    if kind == "latex":
        lines = [rf"{gradient.loss.name} &= {gradient.loss.latex} \\"]
        for name in gradient.wrt:
            left = gradient.notation.left(gradient.equation_of(name.name), "latex")
            lines.append(rf"{left} &= {gradient.latex[name.name]} \\")
        return {"name": "gradient.tex", "text": "\\begin{align}\n" + "\n".join(lines) + "\n\\end{align}\n"}
    if kind == "report":
        from symcalc.api import compile, descend
        from symcalc.views.page.report import report

        program = compile(gradient)
        point = request.get("point") or None
        return {"name": "report.html", "text": report(descend(program, point, steps=30))}
    if kind == "gif":
        from symcalc.api import compile
        from symcalc.app.web.pictures import moving

        return moving(compile(gradient), request)
    raise InputError(f"There is nothing to take away called {kind}: numpy, latex, report or gif.")


def _gradient(request: Mapping[str, Any]) -> Any:
    gradient = found(request).gradient
    if gradient is None:
        raise InputError("The loss has no parameters, so there is no slope.")
    return gradient


def _exercising(name: str) -> Callable[[Mapping[str, Any]], Document]:
    def asked(request: Mapping[str, Any]) -> Document:
        from symcalc.app.web import exercising

        found: Document = getattr(exercising, name)(request)
        return found

    return asked


ANSWERS: dict[str, Callable[[Mapping[str, Any]], Document]] = {
    "derive": derive, "bench": bench, "why": why, "verdict": verdict, "compare": compare, "check": check, "table": table, "offers": offers, "export": export,
    "exercise": _exercising("exercise"), "attempt": _exercising("attempt"),
}  # fmt: skip


def answer(name: str, request: Mapping[str, Any]) -> Document:
    """The answer to a question; a fault of the request, or of symcalc, is a document too."""
    try:
        return ANSWERS[name](request)
    except FormulaError as error:
        place = {"line": error.line, "column": error.column, "length": error.length, "suggestion": error.suggestion}
        return {"error": {"reason": error.reason, **place}}
    except SymcalcError as error:
        return {"error": {"reason": str(error)}}
    except (RecursionError, MemoryError):
        return {"error": {"reason": "The formula is too large to be worked on here."}}
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return {
            "error": {"reason": f"This is a fault of symcalc, not yours ({what}). Please report it with the formula."}
        }
