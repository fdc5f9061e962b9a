"""The picture of the data with the fitted model."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from symcalc.errors import InputError
from symcalc.sources.arrays import from_mapping
from symcalc.views.figures.fit import fit
from symcalc.views.pictured import columns

BEST = {"m": 611 / 424, "b": 43475 / 424}


def test_the_dots_are_the_rows(line, part):
    data = part(fit(line, BEST).figure.axes[0], "data")

    assert list(data.get_xdata()) == [100, 200, 250, 325, 400]
    assert list(data.get_ydata()) == [275, 300, 550, 525, 700]


def test_the_line_is_the_model(line, part):
    xs, ys = part(fit(line, BEST).figure.axes[0], "model").get_data()

    assert ys == pytest.approx(BEST["m"] * xs + BEST["b"])
    assert xs.min() < 100
    assert xs.max() > 400


def test_each_residual_stands_between_its_row_and_the_model(line):
    axes = fit(line, {"m": 1.0, "b": 100.0}).figure.axes[0]
    (lines,) = [c for c in axes.collections if isinstance(c, LineCollection)]

    ends = [segment[:, 1].tolist() for segment in lines.get_segments()]
    assert ends == [[200, 275], [300, 300], [350, 550], [425, 525], [500, 700]]


def test_the_model_before_the_run_is_dashed(line, part):
    axes = fit(line, BEST, {"m": 0.0, "b": 0.0}).figure.axes[0]
    before = part(axes, "before")

    assert before.get_linestyle() == "--"
    assert not before.get_ydata().any()


def test_a_curve_between_the_rows_uses_the_means_of_the_training_rows(scaled, part):
    axes = fit(scaled, {"m": 100.0, "b": 470.0}).figure.axes[0]
    xs, ys = part(axes, "model").get_data()

    assert ys == pytest.approx(100 * (xs - 255) / 102.95630140987 + 470)


def test_labels_title_and_words(line):
    picture = fit(line, BEST)
    axes = picture.figure.axes[0]

    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")
    assert axes.get_title(loc="left") == "Data and model at m = 1.441, b = 102.54"
    # The root of rss/n, 19190.742924528/5.
    assert "root mean square 61.9528" in picture.alt


def test_headers_are_shown_beside_the_names_that_stand_for_them(line):
    line.loss.data = from_mapping({"budget": [1.0, 2, 3], "revenue": [1.0, 2, 4]})
    line.loss.headers = {"x": ("budget",), "y": ("revenue",)}
    axes = fit(line, {"m": 1.0, "b": 0.0}).figure.axes[0]

    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x (budget)", "y (revenue)")


def test_many_rows_are_thinned_and_that_is_said(line, part):
    x = np.linspace(0, 1, 20_000)
    line.loss.data = from_mapping({"x": x, "y": 2 * x})
    axes = fit(line, {"m": 2.0, "b": 0.0}).figure.axes[0]

    assert part(axes, "data").get_label() == "5,000 of 20,000 rows"
    assert not [c for c in axes.collections if isinstance(c, LineCollection)]


def test_a_model_that_does_not_use_the_column_is_a_level_line(line, part):
    line.model = lambda p, x: 450.0
    axes = fit(line, BEST).figure.axes[0]

    assert set(part(axes, "model").get_ydata()) == {450.0}


@pytest.mark.parametrize("without", ["residual", "data", "x"])
def test_where_there_is_no_single_residual_over_one_column_it_is_refused_with_the_remedy(line, without):
    if without == "x":
        line.loss.columns = line.loss.columns[1:]
    else:
        setattr(line.loss, without, None)

    assert columns(line) is None
    with pytest.raises(InputError, match="column - f"):
        fit(line, BEST)


def test_two_columns_beside_the_residual_are_too_many(line):
    line.loss.columns = (*line.loss.columns, SimpleNamespace(name="z", shape=("n",)))

    assert columns(line) is None
