"""Several learning rates on one loss."""

import itertools

import pytest

from symcalc.errors import InputError
from symcalc.views.figures.rates import LOOKS, rates


def drawn(program, walk, *chosen, **options):
    return rates([(rate, walk(program, [0, 0], rate, 20)) for rate in chosen], **options)


def labels(axes):
    return [artist for artist in axes.get_children() if artist.get_gid() == "label"]


def test_every_rate_is_a_line_with_the_losses_of_its_run(scaled, walk, part):
    axes = drawn(scaled, walk, 0.1, 0.25).figure.axes[0]

    for rate in (0.1, 0.25):
        assert part(axes, f"rate {rate}").get_ydata() == pytest.approx(walk(scaled, [0, 0], rate, 20).losses)


def test_lines_are_told_apart_by_marker_and_by_kind_of_line_not_by_color_alone():
    assert len({look["marker"] for look in LOOKS}) == len(LOOKS)
    assert len({str(look["linestyle"]) for look in LOOKS}) == len(LOOKS)


def test_labels_stand_at_the_ends_and_do_not_cover_each_other(scaled, walk):
    axes = drawn(scaled, walk, 0.1, 0.25, 0.5, 0.6).figure.axes[0]
    figure = axes.figure
    figure.canvas.draw()
    boxes = sorted((label.get_window_extent() for label in labels(axes)), key=lambda box: box.y0)

    assert len(boxes) == 4
    assert all(below.y1 <= above.y0 + 1 for below, above in itertools.pairwise(boxes))


def test_a_rate_that_diverges_says_so_and_leaves_the_picture(scaled, walk, part):
    # 2/λmax = 1 here: 1.3 grows 1.6-fold a step.
    picture = drawn(scaled, walk, 0.25, 1.3, limit=1.0)
    axes = picture.figure.axes[0]

    assert [label.get_text() for label in labels(axes)] == ["0.25", "1.3 diverges"]
    assert len(part(axes, "rate 1.3").get_xdata()) < 21
    assert "above the largest stable rate" in picture.alt
    assert "largest stable: 1" in picture.title


def test_too_many_lines_are_refused(scaled, walk):
    with pytest.raises(InputError, match="told apart"):
        drawn(scaled, walk, *[0.01 * k for k in range(1, 9)])
