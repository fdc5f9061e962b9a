"""Steps on the screen: every form, within the width and within 12 lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import symcalc as sc
from symcalc.views.descent import descent
from symcalc.views.look import Look
from symcalc.views.steps import MOST_LINES, StepLines, shown

LINE = "mean((y - (m*x + b))^2)"
SCALED = "z = (x - mean(x))/std(x);  mean((y - (m*z + b))^2)"


def walked(text: str, data: Any = None, steps: int = 5, rate: float | None = 0.1, **given: Any) -> Any:
    """A descent over a formula; what it is read with stands before what it walks with."""
    walk = {k: given.pop(k) for k in ("start", "optimizer", "compare", "h") if k in given}
    program = sc.compile(sc.differentiate(sc.parse(text, data, **given)))
    return sc.descend(program, steps=steps, learning_rate=rate, **walk)


def table(rows: int, columns: int) -> dict[str, Any]:
    random = np.random.default_rng(3)
    x = random.normal(size=(rows, columns))
    return {"X": x, "y": (x[:, 0] > 0) * 1.0}


FORMS = {
    "one": (LINE, "movies", {"constants": {"m": 1.417}, "rate": 0.25}),
    "two": (SCALED, "movies", {"rate": 0.25}),
    "three": ("mean((y - (a*z^2 + m*z + b))^2)", {"z": [0.0, 1, 2, 3], "y": [1.0, 2, 5, 10]}, {"rate": 0.01}),
    "five": ("(a - 1)^2 + (b - 2)^2 + (c - 3)^2 + (d - 4)^2 + (k*a)^2", None, {}),
    "twelve": (" + ".join(f"(p{k} - {k})^4" for k in range(1, 13)), None, {"rate": 1e-6}),
    "fourteen": (" + ".join(f"(p{k} - {k})^2" for k in range(1, 15)), None, {}),
    "vector of 3": ("mean((y - X@w)^2)", table(20, 3), {}),
    "vector of 50": ("p = 1/(1 + exp(-(X@w + b)));  -mean(y*log(p) + (1 - y)*log(1 - p))", table(30, 50), {}),
    "matrices": ("h = tanh(X@W);  mean((y - h@v)^2)", table(20, 4), {"shapes": {"W": (4, 3), "v": (3,)}}),
    "adam": (LINE, "movies", {"optimizer": "adam"}),
    "polyak": (LINE, "movies", {"optimizer": "polyak"}),
    "barzilai-borwein": ("(a - 1)^2 + (b - 2)^2 + (c - 3)^2 + (d - 4)^2", None, {"optimizer": "barzilai-borwein"}),
    "kinks": ("mean(abs(y - (m*x + b)))", "movies", {"optimizer": "adam", "rate": 1.0}),
}
LOOKS = [Look(), Look(width=40), Look(width=200), Look(digits=12), Look(ascii=True), Look(width=20, digits=17)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("form", FORMS)
def test_no_step_takes_more_than_12_lines_or_is_wider_than_the_screen(form: str, look: Look) -> None:
    text, data, given = FORMS[form]
    trace = walked(text, data, **given)

    for step in trace.steps:
        for full in (True, False):
            lines = StepLines(trace, look).lines(step, full)
            assert 0 < len(lines) <= MOST_LINES
            assert max(map(len, lines)) <= max(30, look.width)
            if look.ascii:
                assert "".join(lines).isascii()


def test_one_number_shows_formula_value_numeric_slope_update_and_change() -> None:
    trace = walked(LINE, "movies", constants={"m": 1.417}, start={"b": 70}, rate=0.25, compare="forward", h=0.001)

    assert StepLines(trace, Look()).lines(trace.steps[0], full=True) == [
        "step 0   b = 70   loss 5339.26",
        "  dL/db = -2·mean(r) = -2·38.665 = -77.33   numeric -77.329, gap 0.001",
        "  b ← 70 - 0.25·(-77.33) = 89.3325          numeric step lands at 89.33225",
        "  change of L: slope -1494.98, bend +373.746, predicted -1121.24, came -1121.24",
    ]
    assert StepLines(trace, Look()).lines(trace.steps[3], full=False) == [
        "step 3  b 103.832  loss 3867.63  dL/db = -2·mean(r) = -9.66625  came -17.5193"
    ]


def test_two_numbers_in_short_take_two_lines() -> None:
    trace = walked(SCALED, "movies", rate=0.25)

    assert StepLines(trace, Look()).lines(trace.steps[2], full=False) == [
        "step 2  m 111.273  b 352.5  loss 19020.1  predicted -11386.5, came -11386.5",
        "  ∂L/∂m = -2·mean(z·r) = -74.182   ∂L/∂b = -2·mean(r) = -235",
    ]


def test_a_vector_names_its_largest_entries_by_the_columns_they_belong_to() -> None:
    data = {"tv": [1.0, 2, 3, 5], "radio": [4.0, 1, 0, 2], "y": [1.0, 2, 3, 4]}
    trace = walked("mean((y - X@w)^2)", data, columns={"X": ["tv", "radio"]}, steps=1)

    lines = StepLines(trace, Look()).lines(trace.steps[0], full=True)

    # By hand: -2·mean(x·y) is -2·34/4 = -17 for tv and -2·14/4 = -7 for radio.
    assert lines[1] == "  dL/dw = -(2/n)·Xᵀr  2 slopes, length 18.38: tv -17, radio -7"
    assert any("worst gap" in line for line in lines)


def test_ascii_spells_everything_in_plain_characters() -> None:
    trace = walked(SCALED, "movies", rate=0.25)

    text = "\n".join(descent(trace, Look(ascii=True)))

    assert text.isascii()
    assert "dL/dm = -2*mean(z*r) = -2*148.364 = -296.728" in text
    assert "m <- 0 - 0.25*(-296.728) = 74.182" in text


def test_the_steps_shown_are_1_2_5_times_powers_of_ten_and_the_last() -> None:
    assert shown(0, 130) == [0, 1, 2, 5, 10, 20, 50, 100, 130]
    assert shown(0, 0) == [0]
    assert shown(0, 7, every=3) == [0, 3, 6, 7]
    assert shown(40, 60) == [40, 50, 60]


def test_a_step_on_a_kink_says_so() -> None:
    trace = walked("abs(x - 3)", start={"x": 3.0}, steps=1)

    lines = StepLines(trace, Look()).lines(trace.steps[0], full=True)

    assert any("on a kink" in line for line in lines)


def test_where_a_numeric_slope_does_not_apply_the_step_says_so() -> None:
    trace = walked("abs(x - 3)", start={"x": 3.0}, steps=1, compare="complex-step")

    assert "numeric: does not apply" in "\n".join(StepLines(trace, Look()).lines(trace.steps[0], full=True))


def test_a_whole_descent_says_what_was_read_chosen_and_checked() -> None:
    text = "\n".join(descent(walked(SCALED, "movies", steps=12, rate=0.25), Look()))

    for part in ("m, b  parameters: inferred", "x, y  columns: movies, 5 rows", "start  m = 0, b = 0", "m ← m - 0.25·∂L/∂m",
                 "r = y - (m*z + b)", "checked: exact", "step 0", "step 12", "Ran out of steps"):  # fmt: skip
        assert part in text


def test_a_diverged_descent_names_the_rate_that_would_do() -> None:
    text = " ".join("\n".join(descent(walked(LINE, "movies", rate=1.0), Look())).split())

    assert "lower the learning rate (it was 1;" in text


def test_a_start_outside_the_domain_names_the_place() -> None:
    text = "\n".join(descent(walked("log(x)", start={"x": -1}), Look()))

    assert "log(x) is nan at x = -1" in " ".join(text.split())


def test_a_long_rule_is_shown_with_all_its_numbers_where_the_lines_allow() -> None:
    # By hand: the slopes of (x - 3)² + y² at (1, 2) are -4 and 4, so the averages are ±0.4 and 0.016.
    trace = walked("(x - 3)^2 + y^2", start={"x": 1, "y": 2}, optimizer="adam", steps=1)

    text = " ".join(" ".join(StepLines(trace, Look()).lines(trace.steps[0], True)).split())

    assert "x ← 1 - 0.1·(-0.4/(1 - 0.9^1))/(sqrt(0.016/(1 - 0.999^1)) + 1e-08) = 1.1" in text
    assert "y ← 2 - 0.1·(0.4/(1 - 0.9^1))/(sqrt(0.016/(1 - 0.999^1)) + 1e-08) = 1.9" in text


def test_a_rate_that_a_rule_works_out_is_shown_with_its_numbers() -> None:
    # Polyak's step for (x - 3)² + y² from (1, 2), where it is 8 and |∇|² = 32: half of the way, 8/32.
    trace = walked("(x - 3)^2 + y^2", start={"x": 1, "y": 2}, optimizer="polyak", steps=1)

    lines = StepLines(trace, Look()).lines(trace.steps[0], True)

    assert "  rate = (8 - 0)/32 = 0.25" in lines
    assert any(line.startswith("  x ← 1 - 0.25·(-4) = 2") for line in lines)
