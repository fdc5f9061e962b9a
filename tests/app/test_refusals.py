"""What cannot be used: one sentence on standard error, exit code 2, nothing on standard output."""

from __future__ import annotations

import pytest

LINE = "mean((y - (m*x + b))^2)"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["derive", "2*exq(x)"], "Unknown function 'exq'. Did you mean 'exp'?\n  2*exq(x)\n    ^^^"),
        (["derive", "moveis"], "There is no lesson, loss or surface 'moveis'. Did you mean 'movies'?"),
        (["derive", LINE, "--data", "moveis"], "There is no file or lesson 'moveis'. Did you mean 'movies'?"),
        (["derive", LINE, "--data", "movies", "--columns", "y=revenu"], "no column revenu"),
        (["derive", "@nowhere.txt"], "There is no file nowhere.txt."),
        (["derive", " "], "There is no formula in the formula."),
        (["derive", "movies", "--at", "m=1"], "The point has no value for b"),
        (["derive", "movies", "--at", "q=1,m=1,b=1"], "q is no parameter of the loss."),
        (["derive", "movies", "--at", "m=one,b=2"], "gives m the value 'one', which is no number"),
        (["derive", "movies", "--at", "m=1,b=[1,[2]]"], "which is no list of numbers"),
        (["derive", "movies", "--at", "m=1,m=2,b=1"], "gives m twice"),
        (["derive", "movies", "--set", "b"], "--set takes names and numbers, such as lam=0.1"),
        (["derive", "movies", "--set", "b=1e999"], "beyond the largest number"),
        (["derive", "movies", "--columns", "tv"], "--columns takes a name and headers"),
        (["derive", "movies", "--columns", "y="], "gives y no header"),
        (["derive", "movies", "--shape", "w=ax"], "--shape takes names and sizes"),
        (["derive", "movies", "--wrt", "q"], "no name q to differentiate by"),
        (["derive", LINE, "--at", "m=1,b=2"], "no data"),
        (["derive", "movies", "--explain", "7"], "not in the range"),
        (["derive", "movies", "--bogus"], "No such option"),
        (["derive"], "Missing argument 'FORMULA'. Try 'symcalc derive --help'."),
        (["derivee", "movies"], "There is no command 'derivee'. Did you mean 'derive'?"),
        (["(m - 1)^2"], 'write symcalc derive "(m - 1)^2"'),
        (["compare", "movies"], "Missing option '--at'"),
        (["compare", "movies", "--at", "m=1,b=2", "--methods", "centrl"], "Did you mean central"),
        (["compare", "movies", "--at", "m=1,b=2", "--h", "-1"], "must be positive"),
        (["predict", "nowhere.json", "--data", "movies"], "There is no file nowhere.json."),
        (["catalogue", "hubr"], "Did you mean huber"),
    ],
)
def test_it_says_what_and_what_instead(run, words, said):
    ran = run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("symcalc: ")
    assert said in ran.err


def test_a_missing_cell_names_file_row_and_column(run, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("x,y\n1,2\n3,\n", encoding="utf-8")

    ran = run("derive", LINE, "--data", str(file))

    assert (ran.code, ran.out) == (2, "")
    assert "own.csv: row 2, column y: the value is missing" in ran.err


def test_a_fault_in_a_column_nobody_uses_does_no_harm(run, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("name,x,y\nA,1,2\nB,3,4\n", encoding="utf-8")

    assert run("derive", LINE, "--data", str(file)).code == 0


def test_a_file_without_its_sign_is_named(run, tmp_path):
    file = tmp_path / "loss.txt"
    file.write_text("m^2", encoding="utf-8")

    assert f"write @{file}" in run("derive", str(file)).err


def test_standard_input_without_a_formula_is_refused(run):
    assert "There is no formula in standard input" in run("derive", "-", stdin="\n").err


def test_a_failed_check_is_a_bad_answer(run, monkeypatch):
    from symcalc.calculus.checking import GradientChecker
    from symcalc.equations import Verdict

    monkeypatch.setattr(GradientChecker, "verdict", lambda self: Verdict("failed", "differs in m"))
    ran = run("derive", "movies")

    assert ran.code == 1
    assert "check FAILED: differs in m" in ran.out


def test_an_error_nobody_foresaw_says_that_it_is_a_fault(run, monkeypatch):
    import symcalc.api

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(symcalc.api, "differentiate", broken)
    short = run("derive", "movies")
    monkeypatch.setenv("SYMCALC_TRACEBACK", "1")
    long = run("derive", "movies")

    assert (short.code, short.out) == (1, "")
    assert short.err.startswith("symcalc: This is a fault of symcalc, not yours (ZeroDivisionError: oh).")
    assert short.err.count("\n") == 1
    assert "Traceback" in long.err


def test_an_interrupt_ends_with_its_own_code(run, monkeypatch):
    import symcalc.api

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(symcalc.api, "differentiate", interrupted)
    ran = run("derive", "movies")

    assert (ran.code, ran.err.strip()) == (130, "symcalc: Interrupted.")
