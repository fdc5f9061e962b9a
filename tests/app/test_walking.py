"""Claims about `symcalc descend` with batches, schedules, limits, polish and saving, as typed."""

from __future__ import annotations

import json

import pytest


def test_newton_with_twenty_digits(run):
    ran = run("descend", "movies", "--optimizer", "newton", "--digits", "20")

    assert ran.code == 0
    assert "m = 1.4410377358490566038" in ran.out
    assert "b = 102.53537735849056604" in ran.out
    assert "Polished to 20 digits by" in ran.out


def test_polished_digits_are_text_in_json(run):
    ran = run("descend", "movies", "--optimizer", "newton", "--digits", "30", "--json")

    found = json.loads(ran.out)["polished"]
    assert found["digits"] == 30
    assert found["point"]["m"] == "1.44103773584905660377358490566"
    assert set(found["float64_digits"]) == {"m", "b"}
    assert json.loads(run("descend", "movies", "--steps", "1", "--json").out)["polished"] is None


def test_a_batch_says_whose_slopes_it_follows(run):
    words = ["--optimizer", "sgd", "--batch-size", "2", "--seed", "1", "--learning-rate", "1e-6", "--steps", "3"]
    ran = run("descend", "movies", *words, "--schedule", "1/t")

    assert ran.code == 0
    assert "∂L_B/∂m" in ran.out
    assert "2 of 5 rows (seed 1, 3 steps an epoch)" in " ".join(ran.out.split())
    assert "rate/(1 + decay*(t - 1))" in ran.out


def test_bounds_are_kept_and_told(run):
    ran = run("descend", "movies", "--optimizer", "newton", "--bounds", "b=0..100,m=..5")

    assert "m = 1.44959   b = 100" in ran.out
    assert "b is at its bound 100" in ran.out


def test_a_constraint_is_kept(run):
    ran = run(
        "descend", "movies", "--optimizer", "newton", "--constraint", "m + b = 50", "--constraint", "m >= 0", "--json"
    )

    point = json.loads(ran.out)["point"]
    assert point["m"] + point["b"] == pytest.approx(50, rel=1e-12)


def test_every_screen_keeps_to_its_width_in_ascii(run):
    words = ["--optimizer", "levenberg-marquardt", "--digits", "12", "--ascii"]
    ran = run("descend", "movies", *words, columns=60)

    assert ran.out.isascii()
    assert max(map(len, ran.out.splitlines())) <= 60


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--bounds", "b=3"], "--bounds takes a name and two ends"),
        (["--bounds", "b=0..1", "--bounds", "b=0..2"], "gives b twice"),
        (["--bounds", "q=0..1"], "q is no parameter"),
        (["--constraint", "m*b <= 1"], "not linear"),
        (["--schedule", "cosin", "--learning-rate", "1"], "Did you mean cosine"),
        (["--line-search", "golden"], "there are armijo, wolfe"),
        (["--batch-size", "2", "--optimizer", "newton"], "looks at all rows"),
        (["--optimizer", "newtn"], "Did you mean newton"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(run, words, sentence):
    ran = run("descend", "movies", *words)

    assert (ran.code, ran.out) == (2, "")
    assert sentence in " ".join(ran.err.split())


def test_a_saved_run_with_batches_goes_on(run, tmp_path):
    file = str(tmp_path / "run.json")
    words = ["descend", "movies", "--optimizer", "adam", "--batch-size", "2", "--learning-rate", "0.1", "--json"]
    whole = json.loads(run(*words, "--steps", "8").out)

    run(*words, "--steps", "5", "--save", file)
    resumed = json.loads(run("descend", "--resume", file, "--steps", "3", "--json").out)

    assert whole["point"] == resumed["point"]
