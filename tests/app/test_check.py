"""`symcalc check`: the verdict on the screen and as JSON, and what it refuses."""

from __future__ import annotations

import json

import pytest

LINE = "mean((y - (m*x + b))^2)"


def test_a_right_answer_exits_with_0_and_a_wrong_one_with_1(run):
    right, wrong = (run("check", LINE, "--wrt", "m", "--answer", a) for a in ("-2*mean(x*r)", "2*mean(x*r)"))

    assert (right.code, wrong.code) == (0, 1)
    assert right.out.startswith("correct")
    assert wrong.out.startswith("wrong\n  Sign.")
    assert "right: -2·mean(x·r)" in wrong.out
    assert "r = y - (m*x + b)" in wrong.out


@pytest.mark.parametrize(("answer", "verdict"), [("-2*mean(x*r)", "correct"), ("-2*sum(x*r)", "wrong")])
def test_the_document_has_four_keys(run, answer, verdict):
    ran = run("check", LINE, "--wrt", "m", "--answer", answer, "--json")
    found = json.loads(ran.out)

    assert list(found) == ["verdict", "diagnosis", "right", "counterexample"]
    assert (found["verdict"], found["right"]) == (verdict, "-2·mean(x·r)")
    assert (found["counterexample"] is None) == (verdict == "correct")
    if verdict == "wrong":
        assert set(found["counterexample"]) == {"point", "right", "answer"}
        assert set(found["counterexample"]["point"]) == {"m", "b", "x", "y"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--wrt", "m"], "Write one of --answer"),
        (["--answer", "1"], "there are m, b"),
        (["--wrt", "m", "--answer", "2*q"], "q is no name of this loss"),
        (["--wrt", "q", "--answer", "1"], "no name q to differentiate by"),
        (["--wrt", "m", "--answer", "x", "--on-data"], "needs data"),
    ],
)
def test_what_cannot_be_used_exits_with_2_and_leaves_the_output_empty(run, words, said):
    ran = run("check", LINE, *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize("columns", [60, 200])
def test_it_fits_the_screen(run, columns):
    ran = run("check", LINE, "--wrt", "m", "--answer", "mean(x*r)", columns=columns)

    assert max(map(len, ran.out.splitlines())) <= columns


def test_plain_ascii_and_an_answer_from_a_file_or_standard_input(run, tmp_path):
    answer = tmp_path / "answer.txt"
    answer.write_text("2*mean(x*r)", encoding="utf-8")
    from_file = run("check", LINE, "--wrt", "m", "--answer", f"@{answer}", "--ascii")
    piped = run("check", LINE, "--wrt", "m", "--answer", "-", stdin="-2*mean(x*r)\n")

    assert from_file.code == 1
    assert from_file.out.isascii()
    assert piped.code == 0
