"""What the cost curve shows is checked against algebra done by hand."""

import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.views.figures.cost_curve import cost_curve, reach


def axes_of(picture):
    return picture.figure.axes[0]


def first(lever, walk):
    run = walk(lever, [70], 0.25, 5)
    return axes_of(cost_curve(lever, {"b": 70.0}, update=run.steps[0].update, run=run))


def test_the_tangent_goes_through_the_point_with_the_exact_slope(lever, walk, part):
    tangent = part(first(lever, walk), "tangent")
    (x0, x1), (y0, y1) = tangent.get_data()

    assert (y1 - y0) / (x1 - x0) == pytest.approx(-77.33)
    assert y0 + (70 - x0) * -77.33 == pytest.approx(5339.255625)


def test_the_landing_is_predicted_where_slope_and_bend_put_it(lever, walk, part):
    axes = first(lever, walk)

    # 70 + 0.25·77.33; for a parabola the prediction is exact.
    for role in ("predicted", "landing"):
        (x,), (y,) = part(axes, role).get_data()
        assert (x, y) == pytest.approx((89.3325, 5339.255625 - 1121.2392))


def test_where_the_loss_is_no_parabola_the_true_landing_differs(exponential, part):
    axes = axes_of(cost_curve(exponential, {"a": 1.0}, update={"a": -1.0}))

    assert part(axes, "predicted").get_ydata()[0] == pytest.approx(np.e / 2)
    assert part(axes, "landing").get_ydata()[0] == pytest.approx(1.0)


def test_the_arrow_goes_from_the_point_to_the_predicted_landing(lever, walk):
    (arrow,) = [a for a in first(lever, walk).texts if a.get_gid() == "step"]

    assert arrow.xyann == pytest.approx((70, 5339.255625))
    assert arrow.xy == pytest.approx((89.3325, 4218.016425))


def test_the_curve_is_the_loss(lever, walk, part):
    xs, ys = part(first(lever, walk), "curve").get_data()

    assert len(xs) == 241
    assert ys == pytest.approx((xs - 108.665) ** 2 + 3844.273900, rel=1e-6)


def test_every_point_of_the_run_lies_inside_the_picture(lever, walk, part):
    axes = first(lever, walk)
    visited = part(axes, "visited").get_xdata()

    assert len(visited) == 6
    assert axes.get_xlim()[0] < min(visited)
    assert max(visited) < axes.get_xlim()[1]


def test_labels_and_legend_say_what_is_what(lever, walk):
    axes = first(lever, walk)

    assert axes.get_xlabel() == "b"
    assert axes.get_ylabel() == "loss L"
    assert [t.get_text() for t in axes.get_legend().get_texts()] == [
        "loss L", "tangent, slope −77.33", "steps of the run", "b = 70, loss 5339.26",
        "predicted landing 4218.02", "true landing 4218.02",
    ]  # fmt: skip


def test_without_a_step_there_is_no_arrow(exponential):
    axes = axes_of(cost_curve(exponential, {"a": 1.0}))

    assert [line.get_gid() for line in axes.lines] == ["curve", "tangent", "point"]
    assert not axes.texts


def test_with_more_parameters_the_one_that_moves_most_is_drawn_and_the_others_are_named(line):
    axes = axes_of(cost_curve(line, {"m": 1.0, "b": 50.0}, update={"m": 0.5, "b": 0.1}))

    assert axes.get_title(loc="left") == "Loss along m (b = 50 held)"


def test_a_prediction_along_one_of_many_uses_that_one_alone(line, part):
    axes = axes_of(cost_curve(line, {"m": 1.0, "b": 50.0}, "m", {"m": 0.7, "b": 30.0}))

    # dL/dm = -93500 and d²L/dm² = 151250 there.
    assert part(axes, "predicted").get_ydata()[0] == pytest.approx(33125 - 93500 * 0.7 + 151250 * 0.245)


def test_entries_of_a_vector_have_names(many):
    axes = axes_of(cost_curve(many, {"w": [0, 0, 0, 0], "c": 1.0}, "w[2]"))

    assert axes.get_title(loc="left") == "Loss along w[2] (4 others held)"


def test_an_unknown_entry_is_refused_with_those_there_are(many):
    with pytest.raises(InputError, match=r"'q'.*There are w\[0\], w\[1\], w\[2\], w\[3\], c\."):
        cost_curve(many, {"w": [0, 0, 0, 0], "c": 1.0}, "q")


def test_a_formula_with_one_value_a_row_is_refused(lever):
    lever.loss.per_row = True

    with pytest.raises(InputError, match="mean"):
        cost_curve(lever, {"b": 70.0})


def test_a_run_that_diverges_does_not_shrink_its_beginning(lever, walk):
    run = walk(lever, [70], 1.3, 900)
    picture = cost_curve(lever, {"b": 70.0}, update=run.steps[0].update, run=run)

    assert axes_of(picture).get_xlim()[1] < 2000
    assert "Only steps 0 to 7 are shown" in picture.alt


def test_the_words_carry_the_numbers(lever, walk):
    run = walk(lever, [70], 0.25, 5)
    picture = cost_curve(lever, {"b": 70.0}, update=run.steps[0].update, run=run)

    assert "At b = 70 the loss is 5339.26 and the tangent has slope −77.33." in picture.alt
    assert "predicted to change the loss by −1121.24, to 4218.02; there it is 4218.02" in picture.alt


@pytest.mark.parametrize(
    ("marks", "x", "loss", "slope", "bend"),
    [([1.0], 1.0, 0.0, 0.0, 0.0), ([1e9], 1e9, 5.0, 0.0, 2.0), ([0.0], 0.0, np.nan, np.nan, np.nan),
     ([0.0, np.inf], 0.0, 1.0, -1.0, -3.0), ([3.0, 4.0], 3.0, 1.0, -1e9, 1e-9)],
)  # fmt: skip
def test_there_is_always_something_to_show_around_the_point(marks, x, loss, slope, bend):
    low, high = reach(marks, x, loss, slope, bend)

    assert low < x < high
    assert np.isfinite([low, high]).all()


def test_the_bottom_of_the_bowl_is_shown_from_both_sides():
    low, high = reach([0.0, 1.0], 0.0, 4.0, -4.0, 2.0)

    assert low < 0
    assert high > 3
