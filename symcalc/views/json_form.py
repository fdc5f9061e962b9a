"""JSON documents of what was worked out: nested lists, numbers that read back as they were, words for NaN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symcalc.calculus.gradient import Gradient
from symcalc.calculus.hessian import Block
from symcalc.equations import Equation, Name, Verdict
from symcalc.language.loss import Loss
from symcalc.numeric.rows import Comparison, Row
from symcalc.numeric.scan import ErrorCurve
from symcalc.sources.run_file import plain
from symcalc.views.gaps import scans_fit

Document = dict[str, Any]


def names(found: Iterable[Name]) -> list[Document]:
    """Names with their shapes; a size that is still open is its label."""
    return [{"name": name.name, "shape": list(name.shape)} for name in found]


def loss_head(loss: Loss, value: Any = None) -> Document:
    """What every document about a loss starts with.

    Args:
        loss: The loss.
        value: Its value at a point, or None.
    """
    constants = [{**entry, "value": loss.values.get(entry["name"])} for entry in names(loss.constants)]
    found: Document = plain(
        {
            "loss": {"name": loss.name, "text": loss.text, "latex": loss.latex, "value": value},
            "parameters": names(loss.parameters),
            "columns": names(loss.columns),
            "constants": constants,
            "rows": loss.rows,
            "notes": list(loss.notes),
        }
    )
    return found


def derivation(
    gradient: Gradient,
    point: Mapping[str, Any] | None = None,
    value: Any = None,
    slopes: Mapping[str, Any] | None = None,
    hessian: Iterable[Document] | None = None,
) -> Document:
    """A gradient with its derivation.

    Args:
        gradient: The gradient.
        point: Parameter name → value, or None.
        value: The loss at the point.
        slopes: Name → slope at the point.
        hessian: Its blocks, as `hessian_blocks` gives them; left out for None.
    """
    found = {
        **loss_head(gradient.loss, value),
        "point": point,
        "gradient": [
            {
                "parameter": name.name,
                "text": gradient.text[name.name],
                "latex": gradient.latex[name.name],
                "index": gradient.index_text[name.name],
                "value": (slopes or {}).get(name.name),
            }
            for name in gradient.wrt
        ],
        "equations": [_equation(equation) for equation in gradient.equations],
        "checked": {**_verdict(gradient.verdict), "seconds": round(gradient.checker.seconds, 3)},
    }
    if hessian is not None:
        found["hessian"] = list(hessian)
    document: Document = plain(found)
    return document


def _equation(equation: Equation) -> Document:
    checked = equation.checked
    return {
        "text": equation.text,
        "latex": equation.latex,
        "rule": equation.rule,
        "reason": equation.reason,
        "checked": None if checked is None else _verdict(checked),
    }


def _verdict(found: Verdict) -> Document:
    return {"status": found.status, "sentence": found.sentence}


def hessian_blocks(
    gradient: Gradient, blocks: Mapping[tuple[str, str], Block], values: Mapping[tuple[str, str], Any]
) -> list[Document]:
    """The blocks of a Hessian, one for each pair of names, with their values at a point where there is one."""
    words = [name.name for name in gradient.wrt]
    return [
        {
            "parameters": [p, q],
            "name": blocks[p, q].name,
            "text": blocks[p, q].text,
            "latex": blocks[p, q].latex,
            "value": values.get((p, q)),
        }
        for p in words
        for q in words
    ]


def jacobian(of: str, blocks: Mapping[str, Block], values: Mapping[str, Any]) -> list[Document]:
    """The slopes of a definition, one block for each parameter, with their values at a point where there is one."""
    return [
        plain({"of": of, "parameter": word, "name": block.name, "text": block.text, "latex": block.latex,
               "value": values.get(word)})
        for word, block in blocks.items()
    ]  # fmt: skip


def comparison(loss: Loss, found: Comparison, value: Any, curves: Sequence[ErrorCurve] = ()) -> Document:
    """Numeric slopes beside the exact ones.

    Args:
        loss: The loss.
        found: The comparison.
        value: The loss at its point.
        curves: The error for many steps, of each method asked for.
    """
    scans = scans_fit(found, found.rows)
    head = {
        **loss_head(loss, value),
        "point": found.point,
        "rows": [comparison_row(row, scans) for row in found.rows],
        "notes": [*loss.notes, *found.notes],
    }
    if curves:
        head["curves"] = [_curve(curve) for curve in curves]
    document: Document = plain(head)
    return document


def comparison_row(row: Row, scans: bool = True) -> Document:
    """One numeric slope with the parts of its gap.

    Args:
        row: The row.
        scans: Whether the best step is looked for by a scan, too; else it is null.
    """
    first = row.leading
    return {
        "method": row.method,
        "parameter": row.parameter,
        "numeric": row.numeric,
        "symbolic": row.symbolic,
        "reference": None if row.reference is None else float(row.reference),
        "error": row.error,
        "predicted_error": row.predicted_error,
        "truncation": row.truncation,
        "round_off": row.round_off,
        "symbolic_error": row.symbolic_error,
        "ulps": row.ulps,
        "cause": row.cause,
        "share": row.share,
        "derivative": None if first is None else {
            "order": first.order, "value": first.derivative, "factor": float(first.factor), "first_term": first.value,
        },
        "own_error": row.own_error,
        "step": row.step,
        "best_step": row.best_step,
        "scanned_step": row.scanned_step if scans else None,
        "evaluations": row.evaluations,
        "note": row.note,
    }  # fmt: skip


def _curve(curve: ErrorCurve) -> Document:
    return {
        "method": curve.method,
        "parameter": curve.parameter,
        "steps": curve.steps,
        "numeric": curve.numeric,
        "errors": curve.errors,
        "truncation": curve.truncation,
        "round_off": curve.round_off,
        "best_step": curve.best_step,
        "evaluations": curve.evaluations,
    }
