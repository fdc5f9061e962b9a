"""Lessons on the screen: at most 45 lines of 80 columns, with the numbers that are true of their tables."""

from __future__ import annotations

from typing import Any

import pytest

from symcalc.app.told import lever_descent as lever_trace
from symcalc.catalogue.lessons import LESSONS
from symcalc.views.look import Look
from symcalc.views.story import MOST_LINES, story


def told(name: str, **look: Any) -> list[str]:
    lesson = LESSONS[name]
    return story(lesson, [lever_trace(lesson, lever) for lever in lesson.levers], Look(**look))


# Worked out by hand and in exact arithmetic from the tables of the lessons.
NUMBERS = {
    "movies": (
        "5339.26", "-2·38.665 = -77.33", "numeric -77.329, gap 0.001", "70 - 0.25·(-77.33) = 89.3325", "89.33225",
        "predicted -1121.24, came -1121.24", "4218.02", "107.457", "246750", "-2·148.364 = -296.728", "= 74.182",
        "= -940", "= 235", "predicted -182184, came -182184", "m = 148.364, b = 470", "flat, bends up: the minimum",
        "148.364*z + 470, which is 1.441038*x + 102.535377", "1.441038*300 + 102.535377 = 534.85",
    ),
    "movies3": ("0.548338", "1.3023", "which is 1.5*x + 75", "1.5*300 + 75 = 525"),
    "steplab": ("-232.761", "numeric -232.731, gap 0.03", "6.83962", "49.8945", "3.13212", "208.68"),
    "passfail": ("0.693147", "0.38303", "chance to pass 0.79106"),
    "houses": ("71622.1", "Zᵀr", "price 269.66"),
}  # fmt: skip


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_fits_one_screen_and_tells_the_truth(name: str) -> None:
    lines = told(name)

    assert len(lines) <= MOST_LINES == 45
    assert max(map(len, lines)) <= 80
    assert [n for n in NUMBERS[name] if n not in "\n".join(lines)] == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_runs_from_collecting_to_predicting(name: str) -> None:
    text = "\n".join(told(name))

    places = [text.index(part) for part in ("COLLECT", "EXPLORE", "TRAIN", "PREDICT", "Next")]
    assert places == sorted(places)
    # Which of the two it is depends on how long the exact check is given.
    assert "checked: exact" in text or "checked: numeric" in text


@pytest.mark.parametrize("width", [40, 60, 120])
def test_a_lesson_is_never_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, told("movies", width=width))) <= width


def test_a_lesson_in_ascii_is_plain() -> None:
    text = "\n".join(told("movies", ascii=True))

    assert "dL/db = -2*mean(r) = -2*38.665 = -77.33" in text
    assert "b <- 70 - 0.25*(-77.33) = 89.3325" in text
