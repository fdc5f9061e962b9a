"""A run at a glance, and what all pictures have in common."""

import base64
import sys
import threading
import zlib
from io import BytesIO
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.text import Text
from PIL import Image

from symcalc.errors import InputError
from symcalc.views.figures.run import run_picture
from symcalc.views.figures.save import save
from symcalc.views.figures.style import LINES, MARKS, PALETTE, number, powers, tick


def titles(picture):
    return [axes.get_title(loc="left") for axes in picture.figure.axes if axes.get_title(loc="left")]


def test_one_parameter_with_data_gives_data_cost_curve_and_loss(lever, walk):
    picture = run_picture(walk(lever, [70], 0.25, 5))

    assert titles(picture) == ["Data and model at b = 107.46", "Loss along b", "Loss L at each step"]


def test_two_parameters_with_data_give_data_contour_and_loss(scaled, walk):
    picture = run_picture(walk(scaled, [0, 0], 0.25, 30))

    assert titles(picture) == ["Data and model at m = 148.36,\nb = 470", "Loss over m and b", "Loss L at each step"]


def test_without_data_two_pictures_are_left(rosenbrock, walk):
    assert titles(run_picture(walk(rosenbrock, [-1.2, 1], 0.001, 50))) == ["Loss over x and y", "Loss L at each step"]


def test_the_words_are_those_of_all_panels(scaled, walk):
    picture = run_picture(walk(scaled, [0, 0], 0.25, 30))

    for words in ("5 rows of y against x", "The path goes from m = 0, b = 0", "The loss L goes from 246750"):
        assert words in picture.alt


@pytest.mark.parametrize(("rate", "steps"), [(1.3, 900), (0.25, 0), (1e200, 3)])
def test_a_run_that_diverges_or_stands_is_drawn(lever, scaled, walk, rate, steps, tmp_path):
    for program, start in ((lever, [70]), (scaled, [0, 0])):
        picture = run_picture(walk(program, start, rate, steps))
        save(picture, tmp_path / "run.png")
        assert (tmp_path / "run.png").stat().st_size > 10_000


@pytest.mark.parametrize("size", [(6.4, 13.0), (14.1, 4.8), (20.0, 5.0)])
def test_nothing_is_smaller_than_eleven_points_and_nothing_is_cut_off(scaled, walk, size):
    picture = run_picture(walk(scaled, [0, 0], 0.25, 30), size)
    figure = picture.figure
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    shown = [t for t in figure.findobj(Text) if t.get_text() and t.get_visible()]

    assert min(t.get_fontsize() for t in shown) >= 11
    for label in (t for axes in figure.axes for t in (axes._left_title, axes.xaxis.label, axes.yaxis.label)):
        box = label.get_window_extent()
        assert min(box.x0, box.y0) >= -1
        assert box.x1 <= width + 1
        assert box.y1 <= height + 1


def test_drawing_leaves_the_settings_of_matplotlib_as_they_were(lever, walk, tmp_path):
    before = dict(matplotlib.rcParams)
    save(run_picture(walk(lever, [70], 0.25, 5)), tmp_path / "a.svg")

    assert dict(matplotlib.rcParams) == before


def test_no_window_toolkit_is_touched(lever, walk, monkeypatch):
    # Importing a module that stands as None in this table is an error.
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)

    run_picture(walk(lever, [70], 0.25, 5))._repr_mimebundle_()


def test_a_picture_higher_than_wide_stacks_its_panels(scaled, walk):
    figure = run_picture(walk(scaled, [0, 0], 0.25, 30), (6.4, 13)).figure
    data, contour, loss = figure.axes[:3]

    assert data.get_position().y0 > contour.get_position().y1 > loss.get_position().y1


def test_threads_draw_at_the_same_time(lever, walk, tmp_path):
    run, faults = walk(lever, [70], 0.25, 5), []

    def draw(k):
        try:
            save(run_picture(run), tmp_path / f"{k}.png")
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=draw, args=(k,)) for k in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults
    assert len({(tmp_path / f"{k}.png").read_bytes() for k in range(3)}) == 1


def test_a_png_holds_the_words(lever, walk, tmp_path):
    picture = run_picture(walk(lever, [70], 0.25, 5))
    save(picture, tmp_path / "a.png")

    with Image.open(tmp_path / "a.png") as image:
        assert image.format == "PNG"
        assert image.text["Description"] == picture.alt


def test_an_svg_holds_the_words_where_screen_readers_look(lever, walk, tmp_path):
    picture = run_picture(walk(lever, [70], 0.25, 5))
    save(picture, tmp_path / "a.svg")
    root = ElementTree.fromstring((tmp_path / "a.svg").read_text(encoding="utf-8"))

    assert (root.get("role"), root.get("aria-label")) == ("img", picture.alt)
    assert root.find("{http://www.w3.org/2000/svg}desc").text == picture.alt
    assert root.find("{http://www.w3.org/2000/svg}title").text == picture.title


def test_a_pdf_is_a_pdf_with_a_title(lever, walk, tmp_path):
    save(run_picture(walk(lever, [70], 0.25, 5)), tmp_path / "a.PDF")
    content = (tmp_path / "a.PDF").read_bytes()

    assert content.startswith(b"%PDF")
    assert b"/Title" in content
    assert zlib.crc32(content)


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_run_is_the_same_file(lever, walk, tmp_path, form):
    for word in ("a", "b"):
        save(run_picture(walk(lever, [70], 0.25, 5)), tmp_path / f"{word}.{form}")

    assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()


@pytest.mark.parametrize("path", ["a.gif", "a", "a.png.txt"])
def test_an_unknown_ending_is_refused_and_nothing_is_written(lever, walk, tmp_path, path):
    with pytest.raises(InputError, match=r"\.png, \.svg or \.pdf"):
        save(run_picture(walk(lever, [70], 0.25, 5)), tmp_path / path)

    assert not list(tmp_path.iterdir())


def test_a_missing_folder_and_a_folder_are_refused(lever, walk, tmp_path):
    picture = run_picture(walk(lever, [70], 0.25, 5))
    (tmp_path / "folder.png").mkdir()

    with pytest.raises(InputError, match="no folder"):
        save(picture, tmp_path / "nowhere" / "a.png")
    with pytest.raises(InputError, match="is a folder"):
        save(picture, tmp_path / "folder.png")
    assert [p.name for p in tmp_path.iterdir()] == ["folder.png"]


def test_a_notebook_gets_an_image_with_its_words(lever, walk):
    picture = run_picture(walk(lever, [70], 0.25, 5))
    content, about = picture._repr_mimebundle_()

    with Image.open(BytesIO(base64.b64decode(content["image/png"]))) as image:
        assert image.size[0] > 1000
    assert about["image/png"]["alt"] == picture.alt


@pytest.mark.parametrize("word", ["$a$", '<b> & "c"', "x_1^2", "\\alpha", "预算"])
def test_names_are_drawn_as_they_are_written(line, word, tmp_path):
    line.loss.name = word
    from symcalc.views.figures.contour import contour

    picture = contour(line, {"m": 1.0, "b": 1.0})
    save(picture, tmp_path / "a.svg")

    assert picture.figure.axes[1].get_ylabel() == f"loss {word} (log levels)"
    ElementTree.fromstring((tmp_path / "a.svg").read_text(encoding="utf-8"))


def test_no_two_roles_are_told_apart_by_color_alone():
    looks = [(m["marker"], m.get("markerfacecolor") == "none") for m in MARKS.values()]
    lines = {role: (line["linestyle"], line["linewidth"]) for role, line in LINES.items()}

    # The run's small dots, its large start and the rows of the data are never in one picture with the same size.
    sizes = [(look, m["markersize"]) for look, m in zip(looks, MARKS.values())]
    assert len(set(sizes)) == len(sizes)
    assert lines["curve"][0] != lines["tangent"][0]
    assert lines["model"][0] != lines["before"][0] != lines["residual"][0]


def test_the_palette_is_that_of_okabe_and_ito():
    assert list(PALETTE.values()) == [
        "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "x"),
    [("0", 0), ("5339.26", 5339.255625), ("−77.33", -77.33), ("246750", 246750), ("10⁻⁶", 1e-6),
     ("1.2·10⁻⁹", 1.2e-9), ("−10⁸", -1e8), ("nan", float("nan")), ("−∞", float("-inf")), ("1234568", 1234567.8)],
)  # fmt: skip
def test_numbers_are_written_to_be_read(expected, x):
    assert number(x) == expected


@pytest.mark.parametrize(
    ("expected", "x", "scale"),
    [("0", 1e-17, 1.0), ("0.3", 0.1 + 0.2, 1.0), ("−250", -250, 400), ("5·10⁵", 5e5, 1.5e6), ("10⁶", 1e6, 1.5e6),
     ("2.5·10⁻⁵", 2.5e-5, 1e-4), ("0.00025", 0.00025, 0.001), ("1", 1.0, float("inf"))],
)  # fmt: skip
def test_the_ticks_of_one_axis_are_written_alike(expected, x, scale):
    assert tick(x, scale) == expected


def test_powers_are_few_and_even():
    assert powers(1e-3, 1e2) == pytest.approx([1e-3, 1e-2, 1e-1, 1, 10, 100])
    assert len(powers(1e-300, 1e300)) <= 8
