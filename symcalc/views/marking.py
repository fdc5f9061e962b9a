"""What became of an answer, as text and as JSON.

correct   or   wrong
               Dropped inner derivative. In sin(3*x) …
"""

from __future__ import annotations

from typing import Any

from symcalc.marking.checking import Checked, Counterexample
from symcalc.sources.run_file import plain
from symcalc.views import derivation, numbers
from symcalc.views.tables import folded


def document(found: Checked) -> dict[str, Any]:
    """The JSON document: verdict, diagnosis, right, counterexample."""
    example = found.counterexample
    made: dict[str, Any] = plain(
        {
            "verdict": found.verdict,
            "diagnosis": found.diagnosis,
            "right": found.right,
            "counterexample": None if example is None else {
                "point": dict(example.point), "right": example.right, "answer": example.answer,
            },
        }
    )  # fmt: skip
    return made


def lines(found: Checked, width: int = 80, digits: int = 6, style: str = "text") -> list[str]:
    """The verdict, then for a wrong answer why it is wrong, a point where it shows, and the right slope."""
    if found:
        made = [f"correct ({found.how})"]
        return made + (folded(f"note: {found.diagnosis}", width, 2) if found.diagnosis else [])
    made = ["wrong", *folded(found.diagnosis, width, 2, 2)]
    if found.counterexample is not None and found.mistakes:
        made += folded(at_a_point(found.counterexample, digits), width, 2)
    made += folded(f"right: {found.right}", width, 2)
    if found.gradient is None:
        return made
    return made + [line for text in derivation.legend(found.gradient, style) for line in folded(text, width, 4)]


def at_a_point(example: Counterexample, digits: int = 6) -> str:
    """What the slope and the answer are at one point: `at m = 1, x = [1, 2]: right is 4, yours is -4`."""
    yours = "has no value" if example.answer is None else f"is {numbers.value(example.answer, digits)}"
    return f"at {numbers.point(example.point, digits)}: right is {numbers.value(example.right, digits)}, yours {yours}"
