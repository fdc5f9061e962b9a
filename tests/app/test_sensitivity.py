"""`symcalc sensitivity` as it is typed."""

from __future__ import annotations

import numpy as np
import pytest
from cases_at_hand import load

WORDS = ("sensitivity", "mean((y - m*x)^2) + lam*m^2", "--data", "movies", "--set", "lam=0.1")


def test_it_says_how_the_minimum_moves(run):
    ran = run(*WORDS, "--to", "lam", "--to", "y[4]")
    document = run(*WORDS, "--to", "lam", "--json").document

    case = load("lesson.json")["movies"]
    x, y = (np.array(case[name], dtype=float) for name in ("x", "y"))
    bend = np.mean(x**2) + 0.1
    m = np.mean(x * y) / bend
    assert ran.code == 0
    assert "by the implicit function theorem" in ran.out
    assert document["sensitivities"][0]["derivative"]["m"] == pytest.approx(-m / bend, rel=1e-12)
    assert document["sensitivities"][0]["loss_derivative"] == pytest.approx(m**2, rel=1e-12)


def test_it_says_how_the_end_of_a_run_moves(run):
    ran = run("sensitivity", "rosenbrock", "--steps", "50", "--learning-rate", "0.001", "--to", "learning_rate")

    assert "by differentiating all 50 steps of the run" in " ".join(ran.out.split())


@pytest.mark.parametrize("columns", [40, 200])
def test_every_cell_of_a_column_fits_the_terminal(run, columns):
    ran = run("sensitivity", "steplab", "--to", "y", "--ascii", columns=columns)

    assert ran.code == 0
    assert ran.out.isascii()
    assert "18 more" in ran.out
    assert max(map(len, ran.out.splitlines())) <= columns


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*WORDS, "--to", "lan"], "Did you mean lam"),
        ([*WORDS, "--to", "y[9]"], "no entry [9]"),
        ([*WORDS, "--to", "learning_rate"], "--steps"),
        ([*WORDS, "--to", "lam", "--learning-rate", "0.1"], "how many --steps"),
        ([*WORDS, "--to", "lam", "--at", "m=1", "--steps", "3"], "leave one out"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_no_answer(run, words, said):
    ran = run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
