"""Which branches are kinks, where the slope jumps, and which only join two pieces: by algebra done by hand."""

from __future__ import annotations

import pytest
from catalogue.rows_at_hand import program as row

import symcalc as sc
from symcalc.curvature.joints import slopes_jump


def program(text, names, data=None, **constants):
    return sc.compile(sc.differentiate(sc.parse(text, data, parameters=list(names), constants=constants or None)))


@pytest.mark.parametrize(
    ("text", "jumps"),
    [
        ("x^2", False),
        ("abs(x)", True),
        ("abs(x)*x", False),  # its slope is 2|x|
        ("abs(x)^3", False),
        ("relu(x)^2", False),
        ("relu(x) - relu(-x)", False),  # that is x
        ("min(x, 1)^2", True),  # 2 to the left of 1, 0 to the right
        ("where(x < 1, x, x^2)", True),
        ("where(x < 1, 2*x - 1, x^2)", False),
        ("where(x < 1, 2*x, x^2)", True),  # here the value itself jumps
        ("max(0, 1 - x)^2 + y^2", False),
        ("max(0, 1 - x) + y^2", True),
        ("abs(x)*y", True),
        ("abs(abs(x) - 1)", True),
        ("max([x, y])", True),
    ],
)
def test_a_branch_is_a_kink_where_the_slope_jumps(text, jumps):
    assert slopes_jump(program(text, [name for name in "xy" if name in text.replace("max", "")])) is jumps


@pytest.mark.parametrize(
    "name", ["huber", "fair", "squared_hinge", "modified_huber", "tukey", "squared_epsilon_insensitive"]
)
def test_losses_of_the_catalogue_whose_pieces_join_have_no_kinks(name):
    assert not slopes_jump(row(name))


@pytest.mark.parametrize("name", ["mae", "hinge", "lasso", "pinball", "multiclass_hinge", "epsilon_insensitive"])
def test_losses_of_the_catalogue_with_corners_have_kinks(name):
    assert slopes_jump(row(name))


def test_hubers_loss_has_a_limit_that_is_not_called_one_between_kinks():
    # Within delta it is half the mean of squares: it bends by 1 in b, so the limit is 2.
    found = sc.step_sizes(program("mean(huber(y - b, 10))", ["b"], {"y": [1.0, 2.0, 3.0]}), {"b": 0}, learning_rate=1.9)

    assert not found.kinked
    assert found.largest == pytest.approx(2, rel=1e-12)
    assert found.verdict == "1.9 < 2 = 2/λmax: a step leaves at most 0.9 of the error near this point"
    assert found.findings == ()


def test_a_step_that_jumps_over_kinks_is_named_with_them():
    # From 0 a step of 8 leads b to 8·1 = 8, beyond every row; a step of 1/2 leads to 1/2, beyond none.
    made = program("mean(abs(y - b)) + b^2/20", ["b"], {"y": [1.0, 2.0, 5.0]})
    far, near = (sc.step_sizes(made, {"b": 0}, learning_rate=rate) for rate in (8, 0.5))

    assert far.crossed == ("rows 1, 2, 3 pass r = 0",)
    assert far.verdict.endswith("but a step from here jumps over kinks, where no bend counts: rows 1, 2, 3 pass r = 0")
    assert near.crossed == ()
    assert near.verdict.startswith("0.5 < 20 = 2/λmax: a step leaves at most 0.95 of the error near this point")


def test_on_a_joint_the_bend_is_that_of_the_side_that_bends_more():
    # Fair's loss bends by 1/(1 + |r|/c)² a row, so by 1 where r = 0; relu(x)² bends by 2 on one side and 0 on the other.
    fair = program("mean(c^2*(abs(y - b)/c - log(1 + abs(y - b)/c)))", ["b"], {"y": [1.0, 1.0]}, c=2)

    assert sc.step_sizes(fair, {"b": 1}).largest == pytest.approx(2, rel=1e-6)
    assert sc.ending(fair, {"b": 1}).kind == "minimum"
    assert sc.step_sizes(program("relu(x)^2", ["x"]), {"x": 0}).largest == pytest.approx(1, rel=1e-6)
