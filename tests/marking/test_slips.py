"""The slips in the published lesson's figures: each is found, with the right value and the explanation."""

from __future__ import annotations

import pytest
from cases_at_hand import load

import symcalc as sc
from symcalc.app import auditing
from symcalc.calculus.gradient import Gradient
from symcalc.marking.checking import Checked

RSS = "sum((y - (m*x + b))^2)"


@pytest.fixture(scope="module")
def slips() -> list[dict[str, str]]:
    found: list[dict[str, str]] = load("lesson.json")["slips"]
    assert len(found) == 5
    return found


def claimed(tmp_path, text: str, formula: str = RSS, data: str | None = "movies3") -> Checked:
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    return auditing.claims(sc.parse(formula, data), str(path), None, None)


def test_a_slope_worked_out_at_another_point(tmp_path, slips) -> None:
    assert "is -58.51" in slips[0]["claim"]
    found = claimed(tmp_path, "m,b,dRSS/db\n1.417,70,-146.17\n1.417,85,-58.51\n")

    assert found.verdict == "wrong"
    assert found.mistakes == ("forward difference", "another point")
    assert "given as -146.17 and is -146.2" in found.diagnosis
    assert "forward difference of the loss with h = 0.01" in found.diagnosis
    assert f"given as -58.51 and is {slips[0]['right']}" in found.diagnosis
    assert "∂L/∂b has that value at b = 84.615" in found.diagnosis


def test_a_loss_without_its_parentheses(tmp_path, slips) -> None:
    claim = slips[1]["value of the claim at m=0.6 b=133.33 on movies3"]
    found = claimed(tmp_path, f"m,b,rss\n0.6,133.33,{claim}\n")

    assert found.mistakes == ("precedence",)
    assert "y - m*x + b in the place of y - (m*x + b)" in found.diagnosis
    assert found.counterexample is not None
    assert found.counterexample.right == pytest.approx(float(slips[1]["right"]), rel=1e-12)


def test_a_step_without_a_learning_rate(tmp_path, slips) -> None:
    claim = slips[2]["value of the claim: m after one step"]
    found = claimed(tmp_path, f"m,b,m_next\n0,0,{claim}\n")

    assert found.mistakes == ("no learning rate",)
    assert "it diverges" in found.diagnosis
    # The largest rate along m alone is 2/(2·Σx²), and half of it leads to Σxy/Σx²: by hand.
    squares = sum(x * x for x in (100, 200, 400))
    assert f"below {2 / (2 * squares):.6g}" in found.diagnosis
    assert found.counterexample is not None
    assert found.counterexample.right == pytest.approx((100 * 275 + 200 * 300 + 400 * 700) / squares)


@pytest.mark.parametrize("rows", ["0.5,0.06\n", "-1,0.06\n-0.98,0.06\n-0.96,0.06\n"])
def test_a_difference_that_is_not_divided_by_the_spacing(tmp_path, slips, rows: str) -> None:
    assert slips[3]["value of the claim"] == "0.06"
    found = claimed(tmp_path, f"x,slope\n{rows}", "3*x", None)

    assert found.mistakes == ("difference not divided by the spacing",)
    assert "divide it by 0.02" in found.diagnosis
    assert f"is {slips[3]['right']}" in found.diagnosis


def test_the_sign_of_the_inner_derivative(slips) -> None:
    answer = slips[4]["claim"].split(" = ", 1)[1]
    found = sc.check("(y - (m*x + b))^2", "m", answer, columns=["x", "y"])

    assert found.mistakes == ("sign",)
    assert found.right == slips[4]["right"].replace("*", "·") or sc.check(
        "(y - (m*x + b))^2", "m", slips[4]["right"], columns=["x", "y"]
    )


@pytest.mark.parametrize(
    ("text", "verdict", "said"),
    [
        ("m,b,dL/dm,dL/db\n1,1,-420000,-1256\n", "wrong", "dL/dm"),
        ("m,b,loss\n1.5,75,8750.0\n", "correct", ""),
        ("m,b,loss\n1.5,75,2916.7\n", "wrong", "1/n times L: a mean for a sum"),
        ("m,b,dL/dm\n0,0,735000\n1.5,75,0\n", "wrong", "Sign"),
        ("m,b,dL/dm\n0,0,-735000\n1.5,75,0\n", "correct", ""),
        ("m,b,m_next,b_next\n0,0,0.735,0.00255\n", "correct", ""),
        ("m,b,m_next,b_next\n0,0,-0.735,0.00255\n", "wrong", "Not along the slope"),
    ],
)
def test_printed_numbers_are_right_as_far_as_they_are_printed(tmp_path, text, verdict, said) -> None:
    found = claimed(tmp_path, text)

    assert found.verdict == verdict, found.diagnosis
    assert said.replace("d", "∂") in found.diagnosis or said in found.diagnosis


@pytest.mark.parametrize(
    "header",
    ["dL/dm", "dm", "slope m", "slope_m", "grad_m", "gradient m", "m_slope", "m grad", "∂L/∂m", "dRSS/dm", "d/dm", "dL_dm",
     "claimed dL/dm", "claimed_dm", "dm printed", "derivative of m"],
)  # fmt: skip
def test_a_slope_may_be_headed_as_people_head_it(tmp_path, header: str) -> None:
    assert claimed(tmp_path, f"m,b,{header}\n0,0,-735000\n").verdict == "correct"
    assert claimed(tmp_path, f"m,b,{header}\n0,0,-700000\n").verdict == "wrong"


def test_a_gradient_is_what_is_audited() -> None:
    assert isinstance(sc.check("m^2", "m", "m").gradient, Gradient)
