"""What `symcalc check` does with somebody's code or printed numbers instead of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

from symcalc.app.foreign_code import Given, called, given
from symcalc.errors import InputError

if TYPE_CHECKING:
    from symcalc.calculus.gradient import Gradient
    from symcalc.language.loss import Loss
    from symcalc.marking.checking import Checked
    from symcalc.marking.observed import Observed
    from symcalc.marking.points import Place

# How far a computed slope may be off, in terms of the largest entry: less than a measured slope is, mostly.
ROUNDING, SINGLE = 1e-9, 1e-5
POINTS, MOST_ROWS = 4, 500


def claims(loss: Loss, path: str, wrt: str | None, kinks: str | None) -> Checked:
    """Printed numbers, from a CSV file."""
    from symcalc.marking.audit import Audit
    from symcalc.marking.claims import observed
    from symcalc.sources.claims_file import read_cells

    gradient = _gradient(loss, None, kinks)
    with mpmath.workdps(40):
        found = observed(read_cells(path), gradient, wrt)
    return Audit(gradient, found, path).run()


def code(
    loss: Loss, target: str, style: str, wrt: str | None, at: Sequence[str], seconds: float, kinks: str | None
) -> Checked:  # fmt: skip
    """A function's answers, at points that are given or drawn."""
    from symcalc.marking.audit import Audit

    roles = _roles(loss, style, wrt)
    word = roles["prediction"] or wrt
    gradient = _gradient(loss, word, kinks)
    if not gradient.wrt:
        raise InputError("The loss has no parameters, so there is no slope to audit.")
    wanted = [n for n in gradient.wrt if n.name == word] if word else list(loss.parameters)
    with mpmath.workdps(40):
        places = _given_places(loss, at) if at else _drawn_places(gradient)
        calls = [_call(loss, p) for p in places]
        answers = called(target, calls, style, seconds, roles)
        found = []
        for place, call, answer in zip(places, calls, answers):
            shapes = {n.name: np.shape(call[n.name]) for n in wanted}
            found.append(_observed(place, call, given(answer, shapes, style), loss))
        checked = Audit(gradient, found, target).run()
        return _with_bends(checked, gradient, found, answers, word or "") if style == "xgboost" else checked


def _gradient(loss: Loss, word: str | None, kinks: str | None) -> Gradient:
    from symcalc.calculus.gradient import differentiate

    words = list(dict.fromkeys([*(n.name for n in loss.parameters), *([word] if word else [])]))
    return differentiate(loss, words) if kinks is None else differentiate(loss, words, kinks)


def _roles(loss: Loss, style: str, wrt: str | None) -> dict[str, Any]:
    roles: dict[str, Any] = {"parameters": [n.name for n in loss.parameters], "prediction": None, "label": None}
    if style != "xgboost":
        return roles
    names = [n.name for n in (*loss.columns, *loss.parameters)]
    if wrt is None:
        raise InputError(f"Which name is the prediction? Say it with --wrt; there are {', '.join(names)}.")
    labels = [n.name for n in loss.columns if n.name != wrt]
    if len(labels) != 1 or wrt not in [n.name for n in loss.columns] or not loss.per_row:
        raise InputError(
            "With --style xgboost the formula has one value a row, made of two columns, prediction and label, such as "
            '"log(1 + exp(-y*p))" with --columns y=…, p=… or --data.'
        )
    return {**roles, "prediction": wrt, "label": labels[0]}


def _call(loss: Loss, place: Place) -> dict[str, Any]:
    made = {}
    for name in (*loss.parameters, *loss.columns, *loss.constants):
        value = place.given[name.symbol]
        made[name.name] = np.asarray(value, dtype=float) if np.shape(value) else float(value)
    return made


def _given_places(loss: Loss, at: Sequence[str]) -> list[Place]:
    """The points that are given, with the rows of the data."""
    from symcalc.api import compile, differentiate
    from symcalc.app.inputs import point_argument
    from symcalc.marking.claims import at_data
    from symcalc.marking.points import as_written

    program = compile(differentiate(loss))
    places = []
    for text in at:
        point = point_argument(text, program)
        place = at_data(loss)
        for name in loss.parameters:
            place.given[name.symbol] = as_written(point[name.name])
        places.append(place)
    return places


def _drawn_places(gradient: Gradient) -> list[Place]:
    """Random points where the loss has a value; over the data where there are some, else on tables of several lengths."""
    from symcalc.marking.observed import Observed, worked_out
    from symcalc.marking.points import Places

    loss = gradient.loss
    if loss.rows is not None and loss.rows > MOST_ROWS:
        raise InputError(
            f"An audit works with 40 digits, for which {loss.rows:,} rows are too many; give a table of at most "
            f"{MOST_ROWS}."
        )
    places = Places(loss, held=bool(loss.values), on_data=loss.rows is not None, seed=5)
    found: list[Place] = []
    for k in range(200):
        if len(found) == (1 if loss.rows is not None and not loss.parameters else POINTS):
            return found
        if k == 60:
            places.widen()
        small = k < 2 and loss.rows is None
        place = _rounded(places.small((1, 2, 3, -1)) if small else places.drawn())
        try:
            worked_out(gradient, Observed(place, "", {}))
        except InputError:
            continue
        found.append(place)
    if found:
        return found
    raise InputError(f"{loss.name} had a value at none of the points that were tried; give one with --at.")


def _rounded(place: Place) -> Place:
    """The same point in floating point, since that is what the code gets."""
    from symcalc.calculus.evaluate import exactly

    return replace(place, given={
        s: v if isinstance(v, int) else exactly(np.asarray(v, dtype=float)) for s, v in place.given.items()
    })  # fmt: skip


def _observed(place: Place, call: dict[str, Any], answer: Given, loss: Loss) -> Observed:
    from symcalc.calculus.evaluate import exactly
    from symcalc.marking.observed import Observed, shown

    share = SINGLE if answer.single else ROUNDING
    slack = {w: share * _largest(v) for w, v in answer.slopes.items()}
    if answer.loss is not None:
        slack[""] = share * _largest(answer.loss)
    where = ", ".join(f"{n.name} = {shown(np.asarray(call[n.name]).tolist())}" for n in loss.parameters) or "these rows"
    value = None if answer.loss is None else exactly(answer.loss)
    return Observed(place, where, {w: exactly(v) for w, v in answer.slopes.items()}, value, slack)


def _largest(value: Any) -> float:
    array = np.abs(np.asarray(value, dtype=float))
    finite = array[np.isfinite(array)] if array.size else array
    return float(finite.max()) if finite.size else 1.0


def _with_bends(
    checked: Checked, gradient: Gradient, found: list[Observed], answers: list[Any], word: str
) -> Checked:  # fmt: skip
    """The verdict with that on the second derivatives, which a boosting objective gives back as well."""
    from symcalc.calculus.evaluate import Evaluator, exactly
    from symcalc.calculus.hessian import second_derivatives
    from symcalc.marking.checking import Counterexample
    from symcalc.marking.observed import near, plain, shown

    block = second_derivatives(gradient)[word, word]
    for o, answer in zip(found, answers):
        values = Evaluator(block.equations, block.notation.axes, o.place.size).run(o.place.given)
        right = values[block.equation.name.symbol]
        bends = exactly(np.asarray(answer["tuple"][1]["array"], dtype=float))
        if near(bends, right, ROUNDING * _largest(plain(bends)) + 1e-15):
            continue
        sentence = (
            f"The hessian is off: it is given as {shown(plain(bends))} and is {shown(plain(right))}, since {block.name} = "
            f"{block.text}."
        )
        diagnosis = f"{checked.diagnosis} {sentence}" if checked.diagnosis else f"The gradient is right. {sentence}"
        example = checked.counterexample or Counterexample(
            {n.name: plain(o.place.given[n.symbol]) for n in gradient.loss.columns}, plain(right), plain(bends)
        )
        return replace(checked, verdict="wrong", diagnosis=diagnosis, counterexample=example,
                       mistakes=(*checked.mistakes, "wrong hessian"))  # fmt: skip
    return checked
