"""Formulas that attack, exhaust or confuse: each gets its expected outcome, and none is ever executed."""

from __future__ import annotations

import time
from typing import Any

import pytest
from cases_at_hand import load

import symcalc as sc

# Forms that the language allows on purpose, though the list would refuse them.
ALLOWED = {"`x`": "a header in backticks", "√x": "√ takes one name", "(x)(y)": "implicit product of parentheses"}


def rebuilt(item: dict[str, Any]) -> str | None:
    """The text of an item; long ones are kept as a head and a note on how they go on."""
    if "text" in item:
        return str(item["text"])
    head, length, note = item["text_head"], item["text_len"], item["text_note"]
    if note.startswith("first"):
        return None if len(head) >= length else head + head[-1] * (length - len(head))
    return None


def items() -> list[dict[str, Any]]:
    try:
        return list(load("hostile.json")["items"])
    except pytest.skip.Exception:
        return []


ITEMS = items()


def test_the_hostile_formulas_are_at_hand() -> None:
    assert len(load("hostile.json")["items"]) > 250


@pytest.mark.parametrize("item", ITEMS, ids=lambda i: i["id"])
def test_a_hostile_formula_gets_its_expected_outcome(item: dict[str, Any]) -> None:
    text = rebuilt(item)
    if text is None:
        text = item["text_head"] + item["text_head"][-200:] * 400
    begun = time.process_time()
    try:
        sc.differentiate(sc.parse(text)).text  # noqa: B018
        refused = ""
    except sc.FormulaError as error:
        refused = error.reason
    spent = time.process_time() - begun

    assert spent < 2
    if item["must_reject"] and text not in ALLOWED:
        assert refused
    elif item["error_class"] == "ACCEPT" and not item["expected"].startswith(("accept or", "accept within")):
        assert not refused


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("2^3^2 + x", 513.0), ("-x^2", -1.0), ("1/2*x", 0.5), ("2(x+1)", 4.0), ("(x+1)(x+2)", 6.0), ("2 x", 2.0),
        ("2**-1 + x", 1.5), ("x*m/m", 1.0), ("00012*x", 12.0), ("x + + 1", 2.0), ("|x|+|-x|", 2.0), ("0^0 + x", 2.0),
        ("pi*x/pi", 1.0), ("ln(x)", 0.0), ("log10(x)", 0.0), ("e^x/exp(x)", 1.0), ("x × 3", 3.0), ("x − 3", -2.0),
    ],
)  # fmt: skip
def test_what_is_accepted_is_read_as_people_mean_it(text: str, reading: float) -> None:
    loss = sc.parse(text)
    program = sc.compile(sc.differentiate(loss))
    assert program.value({p.name: 1.0 for p in loss.parameters}) == pytest.approx(reading)


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9", "2^(2^(2^(2^(2^2))))", "x^(10^9)", "(x+1)^(10^6)", "exp(10^400)*x", "sin(10^(10^6))", "gamma(10^7)*x",
        "sqrt(2)^(10^7)", "(1/3)^(10^8)*x", "0.1^10^9", "cos(10^30)*x", "exp(exp(exp(exp(exp(5)))))", "7^(7^7)",
    ],
)  # fmt: skip
def test_a_constant_beyond_floating_point_is_refused_before_it_is_worked_out(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(sc.FormulaError):
        sc.parse(text)
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x/0", "x/0 divides by zero."),
        ("sqrt(-1)*x", "sqrt(-1) is not a real number."),
        ("log(-1)*x", "log(-1) is not a real number."),
        ("2*exq(x)", "Unknown function 'exq'. Did you mean 'exp'?"),
        ("y - m*x", "y - m*x is one number a row, not a loss; write mean((y - m*x)^2)."),
        ("sin", "sin is a function: write sin(u)."),
        ("sin()", "sin takes 1 argument (u), got 0."),
        ("x(y)", "x is a value, not a function; for a product write x*(y)."),
    ],
)
def test_a_wrong_formula_says_what_and_what_instead(text: str, reason: str) -> None:
    with pytest.raises(sc.FormulaError) as caught:
        sc.parse(text)
    assert caught.value.reason == reason
