"""The loss at each step."""

from types import SimpleNamespace

import numpy as np
import pytest

from symcalc.views.figures.loss import loss_curve


def run_of(*losses, first=0):
    steps = [SimpleNamespace(index=first + k) for k in range(len(losses))]
    return SimpleNamespace(steps=steps, losses=np.array(losses, dtype=float))


def drawn(run):
    picture = loss_curve(run)
    picture.figure.draw_without_rendering()
    return picture, picture.figure.axes[0]


def test_every_loss_stands_over_its_step(lever, walk, part):
    run = walk(lever, [70], 0.25, 5)
    _, axes = drawn(run)

    assert part(axes, "curve").get_xdata().tolist() == [0, 1, 2, 3, 4, 5]
    assert part(axes, "curve").get_ydata() == pytest.approx(run.losses)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "loss L (log axis)")


@pytest.mark.parametrize(
    ("losses", "scale"),
    [([3, 2, 1], "log"), ([3, 2, 0], "linear"), ([3, -2], "linear"), ([1e9, 1e-9], "log"), ([2, 2], "linear"),
     ([np.nan, 2, 1], "log"), ([1e307, 1e-307], "log"), ([1e308, -1e308], "linear"), ([5e-324, 1], "log")],
)  # fmt: skip
def test_the_axis_is_logarithmic_where_all_losses_are_positive(losses, scale):
    _, axes = drawn(run_of(*losses))

    assert axes.get_yscale() == scale


def test_start_and_end_differ_by_shape_and_carry_their_losses(part):
    _, axes = drawn(run_of(8, 4, 2, first=10))
    start, end = part(axes, "start"), part(axes, "end")

    assert start.get_marker() != end.get_marker()
    assert (start.get_label(), end.get_label()) == ("start: 8", "end: 2")
    assert (start.get_xdata()[0], end.get_xdata()[0]) == (10, 12)


def test_a_loss_that_is_not_finite_has_its_own_mark(part):
    picture, axes = drawn(run_of(1, 10, np.inf))

    assert part(axes, "not finite").get_xdata().tolist() == [2]
    assert part(axes, "end").get_label() == "last finite: 10"
    assert "not finite at step 2" in picture.alt


def test_no_finite_loss_at_all_still_gives_a_picture():
    picture, _ = drawn(run_of(np.nan, np.nan))

    assert "not a finite number at any step" in picture.alt


def test_a_run_of_no_steps_shows_its_start():
    _, axes = drawn(run_of(4))

    assert axes.get_xlim() == (-0.5, 1.5)
    assert [line.get_gid() for line in axes.lines] == ["curve", "start"]


def test_the_words_name_the_lowest_loss_where_it_lies_in_between():
    assert "lowest at step 1: 1." in drawn(run_of(3, 1, 2))[0].alt
    assert "lowest" not in drawn(run_of(3, 2, 1))[0].alt


def test_a_short_way_on_the_logarithmic_axis_has_ticks(lever, walk):
    _, axes = drawn(walk(lever, [70], 0.25, 5))
    low, high = axes.get_ylim()

    assert sum(low <= tick <= high for tick in axes.get_yticks()) >= 4
