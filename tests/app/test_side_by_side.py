"""Claims about `symcalc descend --compare`, as typed: what its last block says, on the screen and in JSON."""

from __future__ import annotations

import pytest

WORDS = ["descend", "steplab", "--set", "m=43", "--start", "b=3", "--learning-rate", "0.01", "--steps", "30"]


def block(out):
    """The block that sets the two descents side by side."""
    return out[out.index("side by side") :]


def test_the_block_says_where_how_far_what_it_cost_and_why(run):
    ran = run(*WORDS, "--compare", "forward", "--h", "1e-3")

    said = " ".join(block(ran.out).split())
    assert ran.code == 0
    assert "step 0 dL/db -232.761 -232.731" in said
    assert "step 1 b 5.32761 5.32731" in said
    assert "b 6.87934 6.87884 -0.0005 -0.0005" in said
    # Half the bend, 30, times the square of the shift.
    assert "+7.5e-06 +7.5e-06" in said
    assert "symbolic 30 0 31" in said
    assert "numeric 30 62 0" in said
    assert "Truncation, h/2·d²L/db² = 0.0005·60 = 0.03, explains 100.0 %" in said
    assert "moves b by -0.0005, -gap/(d²L/db²) = -0.03/60" in said


def test_json_has_the_same_with_all_digits(run):
    found = run(*WORDS, "--compare", "forward", "--h", "1e-3", "--json").document

    side = found["side_by_side"]
    assert side["apart"]["b"] == pytest.approx(-0.0005, rel=1e-7)
    assert side["predicted"]["b"] == pytest.approx(-0.0005, rel=1e-9)
    assert [(d["step"], d["what"]) for d in side["first_differences"]] == [(0, "slope"), (1, "point"), (1, "loss")]
    assert side["numeric"]["values"] == 62
    assert side["exact"]["gradients"] == 31
    assert side["gaps"][0]["truncation"] == pytest.approx(0.03)
    assert found["steps"][0]["numeric"]["b"] == pytest.approx(-232.73066022804908862, rel=1e-9)


def test_without_compare_there_is_no_block(run):
    assert "side by side" not in run(*WORDS).out
    assert "side_by_side" not in run(*WORDS, "--json").document


@pytest.mark.parametrize(
    "words",
    [
        ["houses", "--compare", "forward", "--h", "0.001"],
        ["passfail", "--compare", "central", "--optimizer", "adam"],
        ["movies", "--compare", "backward", "--optimizer", "newton", "--h", "0.01"],
        ["movies", "--compare", "central", "--optimizer", "levenberg-marquardt"],
        ["log(a) - a", "--compare", "central", "--h", "0.003", "--start", "a=0.002"],
        ["mean(abs(y - (m*x + b)))", "--data", "movies", "--compare", "central", "--h", "1"],
    ],
    ids=lambda words: words[0],
)
def test_every_block_keeps_to_its_width_in_ascii(run, words):
    ran = run("descend", *words, "--steps", "5", "--ascii", columns=80)

    assert ran.out.isascii()
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "side by side" in ran.out or "to set beside it" in " ".join(ran.out.split())


def test_who_ends_the_descent_does_not_wait_for_its_twin(run, monkeypatch):
    from symcalc.app.progress import Progress

    def tired(self, index, loss):
        if index == 7:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "__call__", tired)
    ran = run(*WORDS, "--compare", "forward", "--h", "1e-3")

    assert ran.code == 130
    assert "Interrupted after 7 steps" in ran.out
    assert "side by side" not in ran.out


def test_an_interrupt_while_the_twin_walks_prints_what_there_is(run, monkeypatch):
    from symcalc.numeric.measured import Measured

    calls = []
    whole = Measured.slopes_of

    def tired(self, *arguments):
        calls.append(1)
        if len(calls) > 8:
            raise KeyboardInterrupt
        return whole(self, *arguments)

    monkeypatch.setattr(Measured, "slopes_of", tired)
    ran = run(*WORDS, "--compare", "forward", "--h", "1e-3")

    assert ran.code == 130
    assert "Interrupted: what there is was kept." in block(ran.out)
