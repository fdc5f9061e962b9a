"""The contour of two parameters with the path of a run."""

import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.views.figures.contour import LEVELS, contour, log_levels
from symcalc.views.figures.landscape import bounds, grid_side


def drawn(program, run, **options):
    return contour(program, run.steps[-1].point, run, **options)


def test_the_path_goes_through_every_step(scaled, walk, part):
    run = walk(scaled, [0, 0], 0.25, 30)
    axes = drawn(scaled, run).figure.axes[0]

    assert part(axes, "path").get_xydata() == pytest.approx(run.points)


def test_start_and_end_differ_by_shape_and_stand_where_the_run_began_and_ended(scaled, walk, part):
    run = walk(scaled, [0, 0], 0.25, 30)
    axes = drawn(scaled, run).figure.axes[0]
    start, end = part(axes, "start"), part(axes, "end")

    assert start.get_marker() != end.get_marker()
    assert start.get_xydata()[0].tolist() == [0, 0]
    assert end.get_xydata()[0] == pytest.approx([148.364, 470], abs=1e-3)


def test_the_levels_crowd_towards_the_lowest_loss(scaled, walk, part):
    axes = drawn(scaled, walk(scaled, [0, 0], 0.25, 30)).figure.axes[0]
    levels = part(axes, "surface").levels

    assert len(levels) == LEVELS + 1
    steps = np.diff(np.log(levels[1:] - levels[0]))
    assert steps == pytest.approx(np.full(LEVELS - 1, steps[0]))


def test_the_arrows_point_against_the_gradient(scaled, walk, part):
    axes = drawn(scaled, walk(scaled, [0, 0], 0.25, 30)).figure.axes[0]
    arrows = part(axes, "downhill")

    assert len(arrows.U) == 25
    for x, y, u, v in zip(arrows.X, arrows.Y, arrows.U, arrows.V):
        down = -np.asarray(scaled.g(np.array([x, y])))
        assert u * down[1] == pytest.approx(v * down[0])
        assert u * down[0] + v * down[1] > 0


def test_the_whole_path_lies_inside_and_the_bottom_is_seen_from_both_sides(scaled, walk):
    axes = drawn(scaled, walk(scaled, [0, 0], 0.25, 30)).figure.axes[0]

    assert axes.get_xlim()[0] < 0
    assert axes.get_xlim()[1] > 1.4 * 148.364
    assert axes.get_ylim()[1] > 1.4 * 470


def test_of_many_parameters_the_two_that_changed_most_are_shown_and_the_title_says_the_rest(many, walk):
    picture = drawn(many, walk(many, [0, -1, 3, 0.5, 0.2], 0.05, 20))
    axes = picture.figure.axes[0]

    assert (axes.get_xlabel(), axes.get_ylabel()) == ("w[1]", "w[2]")
    assert axes.get_title(loc="left") == "Loss over w[1] and w[2] (3 others held)"


def test_the_others_are_held_at_the_point(many, part):
    axes = contour(many, {"w": [0, 0, 9, 9], "c": 7.0}, entries=("w[0]", "w[1]")).figure.axes[0]

    # 3·8² + 4·8² + 7² from the three that are held.
    assert part(axes, "surface").levels[0] == pytest.approx(497, rel=1e-2)


def test_entries_may_be_chosen(many, walk):
    run = walk(many, [0, -1, 3, 0.5, 0.2], 0.05, 20)
    axes = drawn(many, run, entries=("c", "w[3]")).figure.axes[0]

    assert (axes.get_xlabel(), axes.get_ylabel()) == ("c", "w[3]")


def test_the_scale_of_colors_is_labeled(scaled, walk):
    bar = drawn(scaled, walk(scaled, [0, 0], 0.25, 30)).figure.axes[1]

    assert bar.get_ylabel() == "loss L (log levels)"
    assert len(bar.get_yticklabels()) == 5


def test_the_words_carry_the_numbers(scaled, walk):
    alt = drawn(scaled, walk(scaled, [0, 0], 0.25, 30)).alt

    assert "from m = 0, b = 0 with loss 246750 to m = 148.364, b = 470 with loss 3838.15" in alt


def test_one_parameter_is_too_few(lever, walk):
    with pytest.raises(InputError, match="cost curve"):
        drawn(lever, walk(lever, [70], 0.25, 5))


def test_twice_the_same_parameter_is_refused(line):
    with pytest.raises(InputError, match="different"):
        contour(line, {"m": 1.0, "b": 1.0}, entries=("m", "m"))


def test_a_flat_loss_and_one_that_is_nowhere_finite_are_drawn_without_levels(line):
    for value in (3.0, np.nan):
        line.f, line.g = lambda p, value=value: value, lambda p: [0.0, 0.0]
        axes = contour(line, {"m": 1.0, "b": 1.0}).figure.axes[0]
        assert not axes.collections


def test_a_loss_that_is_not_finite_in_part_is_drawn_where_it_is(line, part):
    line.f = lambda p: np.log(p[0]) ** 2 + p[1] ** 2
    line.g = lambda p: [2 * np.log(p[0]) / p[0], 2 * p[1]]
    axes = contour(line, {"m": 0.5, "b": 0.0}).figure.axes[0]

    assert part(axes, "surface").levels[0] == pytest.approx(0, abs=0.01)


def test_no_grid_is_so_fine_that_a_large_table_takes_minutes():
    assert (grid_side(None), grid_side(5), grid_side(10**6)) == (61, 61, 15)


def test_there_are_bounds_around_a_single_point():
    low, high = bounds(np.array([[5.0, 0.0]]))

    assert (low < [5, 0]).all()
    assert (high > [5, 0]).all()


def test_levels_rise_also_for_a_loss_below_zero():
    levels = log_levels(np.array([[-5.0, -4.0], [-3.0, 10.0]]))

    assert (np.diff(levels) > 0).all()
    assert (levels[0], levels[-1]) == (-5, pytest.approx(10))
