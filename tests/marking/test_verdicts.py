"""Right answers are accepted in every form, wrong ones are refused with the mistake that was made."""

from __future__ import annotations

import random
from typing import Any

import pytest
from answer_tables import Row, rows
from rewriting import alike, changed, rewritings, spoilt

import symcalc as sc
from symcalc.marking import candidates

WRONG, BY_HAND = rows("wrong_answers.txt"), rows("rewritten_by_hand.txt")
FORMULAS = list(dict.fromkeys(row.formula for row in WRONG))

# formula, parameter, slope in Python's spelling, declarations: worked out by hand.
SLOPES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("mean((y - (m*x + b))^2)", "m", "-2*mean(x*(y - (m*x + b)))", {}),
    ("mean((y - (m*x + b))^2)", "b", "-2*mean(y - (m*x + b))", {}),
    ("mean((y - a*exp(-k*x))^2)", "k", "2*mean((y - a*exp(-k*x))*a*x*exp(-k*x))", {}),
    ("z^2*sin(z)", "z", "2*z*sin(z) + z**2*cos(z)", {}),
    ("z/(z^2 + 1)", "z", "(1 - z**2)/(z**2 + 1)**2", {}),
    ("mean((y - X@w)^2) + lam*sum(w^2)", "w", "-2*X.T@(y - X@w)/n + 2*lam*w", {"constants": {"lam": 0.1}}),
    ("v@A@v", "v", "A@v + A.T@v", {"parameters": {"v": (3,), "A": (3, 3)}}),
    ("v@A@v + sum(A^2)", "A", "2*A + outer(v, v)", {"parameters": {"v": (3,), "A": (3, 3)}}),
    ("mean((y - tanh(k*x))^2)", "k", "-2*mean((y - tanh(k*x))*(1 - tanh(k*x)**2)*x)", {}),
    ("log(z^2 + 3*z + 5)", "z", "(2*z + 3)/(z**2 + 3*z + 5)", {}),
    ("mean(log(1 + exp(-y*(m*x + b))))", "m", "-mean(y*x/(1 + exp(y*(m*x + b))))", {}),
    ("mean(abs(y - m*x))", "m", "-mean(x*sign(y - m*x))", {}),
    ("sqrt(z^2 + u^2)", "z", "z/sqrt(z**2 + u**2)", {"parameters": ["z", "u"]}),
    ("(1 - z)^2 + 100*(u - z^2)^2", "z", "-2*(1 - z) - 400*z*(u - z**2)", {"parameters": ["z", "u"]}),
]


def checked(row: Row) -> Any:
    return sc.check(row.formula, row.parameter, row.answer, **row.declared)


def test_the_tables_are_as_large_as_they_should_be() -> None:
    assert len(WRONG) >= 200
    assert len({row.formula for row in WRONG}) >= 12
    assert len({row.said[0] for row in WRONG}) >= 15
    assert len(BY_HAND) >= 100


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_wrong_answer_is_refused_and_its_mistake_named(formula: str, monkeypatch) -> None:
    monkeypatch.setattr(candidates, "SECONDS_FOR_PAIRS", 0.5)
    for row in (r for r in WRONG if r.formula == formula):
        found = checked(row)

        assert found.verdict == "wrong", row
        assert any(word.lower() in found.diagnosis.lower() for word in row.said), (row, found.diagnosis)
        example = found.counterexample
        assert example is not None, row
        assert example.right != example.answer, row


@pytest.mark.parametrize("formula", list(dict.fromkeys(row.formula for row in BY_HAND)))
def test_a_right_answer_is_accepted_as_people_write_it(formula: str) -> None:
    for row in (r for r in BY_HAND if r.formula == formula):
        found = checked(row)

        assert found.verdict == "correct", (row, found.diagnosis)
        assert found.counterexample is None


@pytest.mark.parametrize(("formula", "word", "slope", "declared"), SLOPES, ids=[f"{f} d{w}" for f, w, _, _ in SLOPES])
def test_rewritten_slopes_are_accepted_and_spoilt_ones_refused(formula, word, slope, declared, monkeypatch) -> None:
    monkeypatch.setattr(candidates, "SECONDS_FOR_PAIRS", 0)
    source, loss = random.Random(3), sc.parse(formula, **declared)
    forms = {changed(slope, rewritings, 1 + k % 5, source) for k in range(44)}
    right = sorted(form for form in forms if alike(slope, form))
    wrong = sorted({changed(changed(slope, rewritings, k % 3, source), spoilt, 1, source) for k in range(12)})

    # 14 slopes of some 40 rewritings each: over 500 in all.
    assert len(right) >= 30
    for form in right:
        assert sc.check(loss, word, form).verdict == "correct", form
    for form in wrong:
        same = alike(slope, form)
        if same is not None:
            assert bool(sc.check(loss, word, form)) is same, form


@pytest.mark.parametrize("data", [None, "movies"])
def test_what_is_right_on_the_data_alone_is_wrong_unless_that_is_asked_for(data: str | None) -> None:
    found = sc.check("mean((y - (m*x + b))^2)", "b", "-2/5*sum(r)", data=data)

    assert found.verdict == "wrong"
    assert ("Only on this data" in found.diagnosis) == (data is not None)
    if data:
        assert sc.check("mean((y - (m*x + b))^2)", "b", "-2/5*sum(r)", data=data, on_data=True)
        assert not sc.check("mean((y - (m*x + b))^2)", "b", "-2/6*sum(r)", data=data, on_data=True)


@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        ("mean(where(abs(y - m*x) <= 50, (y - m*x)^2/2, 50*(abs(y - m*x) - 25)))", "-mean(x*(y - m*x))"),
        ("where(m > 1000, m^2, m^3)", "3*m^2"),
        ("max(m, 40)", "0"),
        ("relu(m - 30) + m", "1"),
        ("m^2", "2*m + where(m == 1, 5, 0)"),
        ("m^2", "2*abs(m)"),
        ("exp(-100*m^2)", "0"),
        ("m^3", "3*m^2 + 1/10^12"),
    ],
)
def test_an_answer_that_is_right_almost_everywhere_is_not_accepted(formula: str, answer: str) -> None:
    assert sc.check(formula, "m", answer).verdict == "wrong"


@pytest.mark.parametrize(
    ("formula", "word", "answer"),
    [
        ("log(m)", "m", "1/m"),
        ("m*log(m)", "m", "log(m) + 1"),
        ("acosh(m)", "m", "1/sqrt(m^2 - 1)"),
        ("asin(m)", "m", "(1 - m^2)^(-1/2)"),
        ("log(1 - m - b)", "m", "1/(m + b - 1)"),
        ("(a*k)^b", "b", "(a*k)^b*(log(a) + log(k))"),
        ("sqrt(m - 500)", "m", "1/(2*sqrt(m - 500))"),
        ("mean((y - 10^9*m*x)^2)", "m", "2*10^9*mean(x*(10^9*m*x - y))"),
        ("erf(m)", "m", "2/sqrt(pi)*exp(-m^2)"),
        ("loggamma(m)", "m", "digamma(m)"),
        ("prod(w)", "w", "prod(w)/w"),
        ("std(w)", "w", "(w - mean(w))/(len(w)*std(w))"),
        ("mean(abs(y - m*x))", "m", "mean(where(y > m*x, -x, x))"),
        ("max(m, b)", "m", "where(m > b, 1, 0)"),
        ("cbrt(m)", "m", "cbrt(m)/(3*m)"),
    ],
)
def test_edges_of_domains_kinks_and_large_numbers_do_not_refuse_a_right_answer(formula, word, answer) -> None:
    shapes = {"w": (3,)} if word == "w" else None

    assert sc.check(formula, word, answer, shapes=shapes).verdict == "correct"


def test_a_held_constant_may_be_named_or_put_in() -> None:
    formula, constants = "m^2*lam", {"lam": 0.1}

    assert sc.check(formula, "m", "2*lam*m", constants=constants).diagnosis == ""
    assert "right for lam = 0.1" in sc.check(formula, "m", "0.2*m", constants=constants).diagnosis
    assert not sc.check(formula, "m", "0.3*m", constants=constants)


def test_the_slope_in_a_column_and_one_value_a_row() -> None:
    data = {"y": [1.0, -1.0, 1.0], "p": [0.5, 2.0, -1.0]}

    assert sc.check("log(1 + exp(-y*p))", "p", "-y/(1 + exp(y*p))", data=data)
    assert not sc.check("log(1 + exp(-y*p))", "p", "y/(1 + exp(y*p))", data=data)


@pytest.mark.parametrize(
    ("answer", "reason", "column"),
    [
        ("2*mean(rr)", "rr is no name of this loss; it has m, b, y, x, r, L, n. Did you mean r?", 8),
        ("-2*mean(r", "There is a '(' without its ')'.", 8),
        ("dL/dm = 2*mean(q)", "q is no name of this loss; it has m, b, y, x, r, L, n.", 16),
        ("", "The formula is empty; type a loss, such as mean((y - (m*x + b))^2).", 1),
    ],
)
def test_an_answer_that_cannot_be_read_says_where_and_why(answer: str, reason: str, column: int) -> None:
    with pytest.raises(sc.FormulaError) as caught:
        sc.check("mean((y - (m*x + b))^2)", "m", answer)

    assert (reason, column) == (caught.value.reason, caught.value.column)
