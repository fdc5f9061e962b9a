"""The loss over two parameters as a landscape."""

import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.views.figures.surface import surface


def test_the_path_lies_on_the_landscape_a_hair_above_it(scaled, walk, part):
    run = walk(scaled, [0, 0], 0.25, 10)
    axes = surface(scaled, run.steps[-1].point, run).figure.axes[0]
    x, y, z = part(axes, "path").get_data_3d()

    assert np.column_stack([x, y]) == pytest.approx(run.points)
    lift = z - run.losses
    assert lift == pytest.approx(np.full(len(z), lift[0]))
    assert 0 < lift[0] < 0.02 * run.losses[0] * 3


def test_the_labels_and_the_title_name_what_is_drawn_and_what_is_held(many):
    picture = surface(many, {"w": [0, 0, 9, 9], "c": 7.0}, entries=("c", "w[0]"))
    axes = picture.figure.axes[0]

    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == ("c", "w[0]", "loss L")
    assert "3 others held" in picture.title


def test_heights_are_those_of_the_loss(rosenbrock):
    alt = surface(rosenbrock, {"x": -1.2, "y": 1.0}).alt

    assert "over x from" in alt
    assert "heights go from" in alt


def test_start_and_end_differ_by_shape(scaled, walk, part):
    run = walk(scaled, [0, 0], 0.25, 10)
    axes = surface(scaled, run.steps[-1].point, run).figure.axes[0]

    assert part(axes, "start").get_marker() != part(axes, "end").get_marker()


def test_one_parameter_is_too_few_and_the_same_twice_too(lever, line):
    with pytest.raises(InputError, match="two parameters"):
        surface(lever, {"b": 70.0})
    with pytest.raises(InputError, match="different"):
        surface(line, {"m": 1.0, "b": 1.0}, entries=("m", "m"))


def test_a_loss_that_is_nowhere_finite_is_refused(line):
    line.f = lambda p: np.inf
    with pytest.raises(InputError, match="not finite"):
        surface(line, {"m": 1.0, "b": 1.0})
