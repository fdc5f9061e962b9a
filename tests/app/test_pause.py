"""`symcalc descend --pause`: guesses at the next change, what came, and an early end."""

from __future__ import annotations

import json

import pytest

LESSON = ("descend", "movies", "--set", "m=1.417", "--start", "b=70", "--learning-rate", "0.25", "--pause")


def test_guesses_are_told_what_came_and_counted(run):
    ran = run(*LESSON, "--steps", "4", stdin="fall\n-290\n\nrise\n")

    assert ran.code == 0
    assert "dL/db = -2·mean(r) = -77.33" in ran.out
    assert "predicted -1121.24, came -1121.24   right: you said fall" in ran.out
    assert "predicted -280.309, came -280.309   right: you said -290" in ran.out
    assert "predicted -70.0773, came -70.0773\n" in ran.out
    assert "came -17.5193   not so: you said rise" in ran.out
    assert "2 of 3 guesses right." in ran.out


@pytest.mark.parametrize(("lines", "steps"), [("fall\nfall\nq\n", 2), ("fall\n", 1), ("", 0)])
def test_what_was_looked_at_is_what_there_is(run, tmp_path, lines, steps):
    saved = tmp_path / "run.json"
    ran = run(*LESSON, "--json", "--save", str(saved), stdin=lines)
    found = json.loads(ran.out)

    assert ran.code == 0
    assert len(found["steps"]) == steps + 1
    assert [(g["guess"], g["right"]) for g in found["guesses"]] == [("fall", True)] * lines.count("fall")
    assert "Will L fall or rise" in ran.err
    assert saved.exists()


def test_a_diverging_descent_rises_and_a_size_must_be_near(run):
    ran = run("descend", "x^2", "--start", "x=1", "--learning-rate", "1.5", "--pause", "--steps", "2", stdin="3\n20\n")

    assert "came 3   right: you said 3" in ran.out
    assert "came 12   not so: you said 20" in ran.out
    assert ran.code == 1


def test_it_fits_a_narrow_screen_and_plain_ascii(run):
    ran = run("descend", "mean((y - X@w)^2)", "--data", "movies3", "--columns", "X=x,y", "--pause", "--steps", "1",
              "--ascii", stdin="\n", columns=60)  # fmt: skip

    assert max(map(len, ran.out.splitlines())) <= 60
    assert ran.out.isascii()
