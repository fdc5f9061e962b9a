"""`symcalc exercise`: the talk over an exercise, and quizzes written and marked."""

from __future__ import annotations

import json

import pytest

import symcalc as sc
from symcalc.marking.exercises import made, several


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_exercises_are_many_different_losses_that_have_a_slope(level):
    exercises = [made(level, seed) for seed in range(25)]

    assert len({(e.formula, e.parameter) for e in exercises}) >= 12
    assert made(level, 3) == made(level, 3)
    for exercise in exercises[:8]:
        loss = sc.parse(exercise.formula, **exercise.declared)
        slope = sc.differentiate(loss).text[exercise.parameter]
        assert slope != "0"
        assert sc.check(loss, exercise.parameter, slope).verdict == "correct", exercise
        assert sc.check(loss, exercise.parameter, f"1*({slope})").verdict == "correct", exercise
        assert sc.check(loss, exercise.parameter, f"-({slope})").verdict == "wrong", exercise


def test_levels_differ_in_what_they_ask():
    assert all("mean" not in made(k, s).formula for k in (1, 2) for s in range(20))
    assert all(made(3, s).parameter == "m" for s in range(20))
    assert any(made(5, s).parameter in "wA" for s in range(20))


def test_a_wrong_answer_may_be_tried_again(run):
    exercise = made(2, 3)
    ran = run("exercise", "--level", "2", "--seed", "3", stdin="2*q\n7\n2*(x^2 + 4*x)\n2*(x^2 + 4*x)*(2*x + 4)\n")

    assert exercise.formula == "(x^2 + 4*x)^2"
    assert ran.code == 0
    assert "That cannot be read: q is no name of this loss" in ran.out
    assert "Not yet. Dropped inner derivative." in ran.out
    assert ran.out.rstrip().endswith("Right.")


def test_hints_come_one_by_one_and_keep_the_last_step(run):
    ran = run("exercise", "--level", "4", "--seed", "5", stdin="hint\n" * 5 + "give up\n")
    lines = [line.strip() for line in ran.out.splitlines()]

    assert ran.code == 1
    assert lines.index("name the residual") < lines.index("dL/dr[i] = 2·r[i]/n")
    assert any(line.startswith("the last step: chain rule through yhat") for line in lines)
    # What the hints keep back comes with the whole derivation, and not before.
    assert "sin(b*x)·r" not in ran.out.partition("That was the last hint")[0]
    assert "That was the last hint; the rest is yours. To see it all type: give up." in lines
    assert "-2·mean(sin(b*x)·r)" in ran.out


@pytest.mark.parametrize("end", ["quit\n", ""])
def test_it_ends_when_asked_or_when_there_are_no_more_lines(run, end):
    ran = run("exercise", "--seed", "1", "--count", "3", stdin=end)

    assert ran.code == 1
    assert "0 of 1 solved." in ran.out


def test_the_document_holds_what_was_answered(run):
    exercise = made(1, 4)
    slope = sc.differentiate(sc.parse(exercise.formula, **exercise.declared)).text["x"]
    ran = run("exercise", "--seed", "4", "--json", stdin=f"hint\nx^9\n{slope}\n")
    (found,) = json.loads(ran.out)["exercises"]

    assert ran.code == 0
    assert (found["formula"], found["solved"], found["hints"]) == (exercise.formula, True, 1)
    assert [a["verdict"] for a in found["answers"]] == ["wrong", "correct"]
    assert "What is dL/dx?" in ran.err


def test_a_quiz_is_written_filled_in_and_marked(run, tmp_path):
    page, key = tmp_path / "quiz.md", tmp_path / "quiz-key.json"
    assert run("exercise", "--quiz", "3", "--level", "3", "--seed", "2", "-o", str(page)).code == 0

    exercises = several(3, 2, 3)
    losses = [sc.parse(e.formula, **e.declared) for e in exercises]
    right = [sc.differentiate(loss).text["m"] for loss in losses]
    filled = page.read_text(encoding="utf-8")
    for k, slope in enumerate(right, 1):
        assert slope not in filled
        filled = filled.replace(f"answer {k}: ", f"answer {k}: {slope}")
    (tmp_path / "anna.md").write_text(filled.replace("learner: ", "learner: Anna"), encoding="utf-8")
    table = f'learner,question,answer\nBen,1,"-({right[0]})"\nBen,2,mean(\nCleo,1,{right[0]}\nCleo,2,{right[1]}\n'
    (tmp_path / "others.csv").write_text(table, encoding="utf-8")

    words = ("exercise", "--mark", str(tmp_path / "anna.md"), "--mark", str(tmp_path / "others.csv"), "--key", str(key))
    found, shown = json.loads(run(*words, "--json").out), run(*words)

    assert [(one["learner"], one["score"]) for one in found["learners"]] == [("Anna", 3), ("Ben", 0), ("Cleo", 2)]
    assert [m["verdict"] for m in found["learners"][1]["marks"]] == ["wrong", "unreadable", "missing"]
    assert found["mistakes"][0]["mistake"] == "sign"
    assert "Anna     right  right  right    3/3" in shown.out
    assert "Sign. Yours is -1 times the answer." in shown.out
    assert "1 x question 1: sign" in shown.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--level", "6"], "6 is not in the range 1<=x<=5"),
        (["--mark", "nobody.csv"], "Name its key"),
        (["--mark", "nobody.csv", "--key", "nowhere.json"], "nowhere.json"),
        (["-o", "quiz.md"], "-o belongs to --quiz"),
        (["--quiz", "2", "-o", "no/such/quiz.md"], "There is no folder"),
    ],
)
def test_what_cannot_be_used_exits_with_2(run, words, said):
    ran = run("exercise", *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_key_or_answers_that_are_none_say_so(run, tmp_path):
    key, empty = tmp_path / "key.json", tmp_path / "empty.md"
    key.write_text('{"kind": "something else"}', encoding="utf-8")
    empty.write_text("nothing\n", encoding="utf-8")
    good = tmp_path / "quiz.md"
    run("exercise", "--quiz", "1", "--seed", "1", "-o", str(good))

    assert "is no key of a quiz" in run("exercise", "--mark", str(empty), "--key", str(key)).err
    assert "holds no answers" in run("exercise", "--mark", str(empty), "--key", str(tmp_path / "quiz-key.json")).err
