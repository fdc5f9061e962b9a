"""`symcalc plot`: the kinds, their files and words, and what is refused."""

import json

import pytest

from symcalc.app.cli import main
from symcalc.views.figures.kinds import KINDS

FORMULA = {
    "cost-curve": ["movies", "--set", "m=1.417", "--at", "b=70", "--learning-rate", "0.25", "--steps", "3"],
    "fit": ["movies", "--steps", "3"],
    "contour": ["rosenbrock", "--steps", "5"],
    "surface": ["rosenbrock", "--steps", "5"],
    "loss": ["movies3", "--steps", "5"],
    "rates": ["movies3", "--steps", "5"],
    "error-curve": ["exp(a)", "--at", "a=1"],
    "rows": ["movies", "--at", "m=1.4,b=70"],
    "terms": ["mean((y - (m*x + b))^2) + m^2", "--data", "movies", "--steps", "4"],
    "secant": ["exp(a)", "--at", "a=1"],
    "basins": ["(x^2 - 1)^2 + y^2", "--parameters", "x,y", "--range", "x=-2..2,y=-1..1"],
    "eigen": ["rosenbrock", "--steps", "5"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_writes_a_file_and_says_what_is_to_be_seen(kind, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("symcalc.views.figures.basins.SIDE", 11)
    target = tmp_path / "picture.svg"

    assert main(["plot", kind, *FORMULA[kind], "-o", str(target), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["file"], document["kind"]) == (str(target), kind)
    # The words go into the file for those who do not see it.
    from html import unescape

    assert document["alt"] in unescape(target.read_text(encoding="utf-8"))


def test_the_help_lists_every_kind(capsys):
    assert main(["plot", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {kind} " in shown for kind in KINDS)


def test_the_words_hold_the_lesson_numbers(tmp_path, capsys):
    main(["plot", "cost-curve", *FORMULA["cost-curve"], "-o", str(tmp_path / "a.png")])
    assert "At b = 70 the loss is 5339.26 and the tangent has slope −77.33." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["contur", "rosenbrock", "-o", "a.png"], "Did you mean contour?"),
        (["contour", "rosenbrock", "-o", "a.gif"], ".png, .svg or .pdf"),
        (["contour", "rosenbrock", "-o", "nowhere/a.png"], "no folder"),
        (["contour", "rosenbrock"], "--output"),
        (["contour", "x^2", "-o", "a.png"], "two parameters"),
        (["surface", "rosenbrock", "--over", "x", "-o", "a.png"], "two entries"),
        (["contour", "rosenbrock", "--learning-rate", "0.1,0.2", "-o", "a.png"], "one learning rate"),
        (["rates", "rosenbrock", "--learning-rate", "fast", "-o", "a.png"], "--learning-rate takes numbers"),
        (["basins", "rosenbrock", "--range", "x=5..-5", "-o", "a.png"], "the first must be the smaller"),
        (["basins", "rosenbrock", "--range", "x=5", "-o", "a.png"], "such as x=-5..5"),
        (["contour", "rosenbrock", "--over", "x,z", "-o", "a.png"], "z"),
    ],
)
def test_what_cannot_be_drawn_is_said_and_nothing_is_written(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    assert main(["plot", *words]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""
    assert not list(tmp_path.iterdir())
