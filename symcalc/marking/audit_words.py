"""The sentences of an audit: what was measured, added up or left out instead of the slope or the loss."""

from __future__ import annotations

from typing import Any

from symcalc.marking.rewriting import Rewritten
from symcalc.marking.words import Diagnosis, written
from symcalc.notation.promised import below


def numeric(slope: str, method: str, step: float) -> Diagnosis:
    """A slope that was measured."""
    why = {
        "forward": "it looks ahead by h, so it is off by about h/2 times the second derivative",
        "backward": "it looks back by h, so it is off by about -h/2 times the second derivative",
        "central": "it is off by about h^2/6 times the third derivative",
    }[method]
    return Diagnosis(
        (f"{method} difference",),
        f"Numeric slope. That is a {method} difference of the loss with h = {step:g}, not {slope}: {why}.",
    )


def undivided(slope: str, spacing: float) -> Diagnosis:
    """A difference that was taken for a slope."""
    return Diagnosis(
        ("difference not divided by the spacing",),
        f"Difference not divided by the spacing. That is how much the loss changes over {spacing:g}; divide it by "
        f"{spacing:g} to have {slope}.",
    )


def nearby(slope: str, word: str, at: Any) -> Diagnosis | None:
    """A number that is right at another point."""
    if at is None:
        return None
    return Diagnosis(
        ("another point",),
        f"Another point. {slope} has that value at {word} = {float(at):.6g}: check where it was worked out, and whether "
        f"{word} was rounded on the way.",
    )


def value_of_another(loss: str, meant: str, changed: Rewritten) -> Diagnosis:
    """A value of a formula without some of its parentheses."""
    return Diagnosis(
        ("precedence",),
        f"Precedence. That is the value of {loss} with {written(changed.made)} in the place of {meant}: the parentheses were "
        "lost.",
    )


def ratio_of_loss(loss: str, factor: str) -> Diagnosis:
    """A multiple of the loss."""
    why = {"n": ": a sum for a mean (lost 1/n)", "1/n": ": a mean for a sum"}.get(factor, "")
    return Diagnosis(("constant ratio",), f"Constant ratio. That is {factor} times {loss}{why}.")


def step_too_long(rate: Any, before: Any, after: Any, largest: Any) -> Diagnosis:
    """A step that makes the loss grow."""
    none = abs(rate - 1) < 1e-9
    start = "No learning rate. The step is the whole slope" if none else f"Learning rate {float(rate):.6g}"
    bound = (
        f" From here a step lowers the loss only with a rate below {below(float(largest))}, and most with half of that."
        if largest else ""
    )  # fmt: skip
    return Diagnosis(
        ("no learning rate" if none else "learning rate too large",),
        f"{start}: the loss goes from {float(before):.6g} to {float(after):.6g}, and step by step it diverges.{bound}",
    )


def step_elsewhere(words: str) -> Diagnosis:
    """A step that does not go along the slope."""
    return Diagnosis(("not along the slope",), f"Not along the slope. {words} move by different rates: one of the slopes is "
                     "another one, or its sign is wrong.")  # fmt: skip
