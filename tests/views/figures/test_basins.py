"""Which minimum each start of a grid reaches."""

import numpy as np
import pytest

from symcalc.errors import InputError
from symcalc.views.figures import basins as module
from symcalc.views.figures.basins import basins, basins_of
from symcalc.views.figures.slices import Slice


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    monkeypatch.setattr(module, "SIDE", 21)


@pytest.fixture
def two_wells(rosenbrock):
    """(x² - 1)² + y²: one well on each side of x = 0."""
    rosenbrock.f = lambda p: (p[0] ** 2 - 1) ** 2 + p[1] ** 2
    rosenbrock.g = lambda p: [4 * p[0] * (p[0] ** 2 - 1), 2 * p[1]]
    return rosenbrock


def test_every_start_reaches_the_well_on_its_own_side(two_wells):
    view = Slice.at(two_wells, {"x": 0.0, "y": 0.0})
    found = basins_of(view, [0, 1], (-2.0, -1.0), (2.0, 1.0))

    assert len(found.ends) >= 2
    for k, x in enumerate(found.xs):
        if abs(x) < 1e-9:
            continue
        reached = [found.ends[index] for index in found.index[:, k]]
        assert all(np.sign(end[0]) == np.sign(x) for end in reached)
        assert all(abs(abs(end[0]) - 1) < 0.1 for end in reached)


def test_minima_are_marked_and_numbered(two_wells, part):
    axes = basins(two_wells, {"x": 0.0, "y": 0.0}, (-2.0, -1.0), (2.0, 1.0)).figure.axes[0]

    assert sorted(float(part(axes, f"minimum {k}").get_xdata()[0]) for k in (1, 2)) == pytest.approx([-1, 1], abs=0.01)


def test_shares_are_said_in_words(two_wells):
    picture = basins(two_wells, {"x": 0.0, "y": 0.0}, (-2.0, -1.0), (2.0, 1.0))

    assert picture.alt.startswith("Of 441 starts: 48 % reach x = ")


def test_a_loss_without_a_bottom_has_no_basins(two_wells, monkeypatch):
    monkeypatch.setattr(module, "SIDE", 3)
    monkeypatch.setattr(module, "STEPS", 20)
    two_wells.f, two_wells.g = lambda p: p[0] + p[1], lambda p: [1.0, 1.0]
    with pytest.raises(InputError, match="comes to rest"):
        basins(two_wells, {"x": 0.0, "y": 0.0}, (-2.0, -1.0), (2.0, 1.0))


def test_one_parameter_is_too_few(lever):
    with pytest.raises(InputError, match="two parameters"):
        basins(lever, {"b": 70.0}, (0.0, 0.0), (1.0, 1.0))
