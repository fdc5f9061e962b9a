"""A descent as a moving picture."""

import re

import numpy as np
import pytest
from PIL import Image

import symcalc as sc
from symcalc.errors import InputError
from symcalc.views.figures import animation

LINE = "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)"


@pytest.fixture(scope="module")
def run():
    program = sc.compile(sc.differentiate(sc.parse(LINE, "movies")))
    return sc.descend(program, {"m": 0, "b": 0}, learning_rate=0.25, steps=6)


@pytest.mark.parametrize("ending", ["gif", "apng"])
def test_there_is_a_picture_for_each_step_and_they_differ(run, ending, tmp_path):
    target = tmp_path / f"run.{ending}"
    animation.save(run, str(target))
    with Image.open(target) as image:
        assert image.n_frames == 7
        image.seek(0)
        first = np.asarray(image.convert("RGB")).astype(int)
        image.seek(3)
        later = np.asarray(image.convert("RGB")).astype(int)

    assert np.abs(first - later).max() > 100


def test_the_page_has_the_formulas_of_each_step_and_asks_for_nothing(run, tmp_path):
    target = tmp_path / "run.html"
    alt = animation.save(run, str(target))
    page = target.read_text(encoding="utf-8")

    assert page.count("data:image/png;base64,") == 7
    assert "-2·148.364 = -296.728" in page
    assert not re.search(r"(?:src|href)=\"https?:", page)
    assert alt.endswith("7 pictures, from step 0 to step 6.")


def test_the_frames_walk_along_the_path(run, monkeypatch):
    seen = []
    real = animation._Whole.upto

    def upto(self, k):
        real(self, k)
        seen.append(next(np.array(own["path"].get_xydata())[-1] for own in self.parts if "path" in own))

    monkeypatch.setattr(animation._Whole, "upto", upto)
    list(animation.frames(run))

    assert np.array(seen) == pytest.approx(run.points)


def test_another_ending_is_refused(run, tmp_path):
    with pytest.raises(InputError, match=r"\.gif, \.apng, \.html"):
        animation.save(run, str(tmp_path / "run.mp4"))
