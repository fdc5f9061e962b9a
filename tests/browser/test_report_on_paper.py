"""The one-file report on paper, in the dark, and where less motion is wished for."""

from __future__ import annotations

import re

import numpy as np
import pytest
from explorer_page import faintest

from symcalc.app.cli import main

# The room between the margins of an A4 page, in CSS pixels: (210 mm - 2·10 mm)·96/25.4.
A4 = 718
SCHEMES = ["light", "dark"]
REPORTS = ["lesson", "wide", "network"]


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Reports of a line, of ten levers over one matrix, and of a hidden layer with a kink: name → address."""
    folder = tmp_path_factory.mktemp("reports")
    draw = np.random.default_rng(5)
    names = [f"lever_{k}" for k in range(10)]
    rows = [",".join([*names, "y"]), *(",".join(f"{v:.6f}" for v in row) for row in draw.normal(size=(30, 11)))]
    data = folder / "wide.csv"
    data.write_text("\n".join(rows) + "\n", encoding="utf-8")
    asked = {
        "lesson": ["movies"],
        "wide": ["mean((y - X@w - b)^2)", "--data", str(data), "--columns", f"X={','.join(names)}"],
        "network": ["h = relu(X@W + c); mean((y - h@v)^2) + lam*sum(W^2)", "--data", str(data), "--set", "lam=0.1",
                    "--columns", f"X={','.join(names[:2])}", "--shape", "W=2x3,v=3,c=3"],
    }  # fmt: skip
    for name, words in asked.items():
        assert main(["report", *words, "-o", str(folder / f"{name}.html")]) == 0
    return {name: (folder / f"{name}.html").as_uri() for name in asked}


@pytest.fixture
def opened(reports, visit):
    def found(name, width=A4, **options):
        page, _, faults = visit(reports[name], width, 1000, **options)
        page.wait_for_selector(".chart svg", state="attached")
        page.wait_for_timeout(200)
        assert faults == []
        return page

    return found


def elements(page, condition):
    """The beginnings of what is visible and fulfils a condition on e."""
    return page.evaluate(
        f"[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && ({condition})).map(e => e.outerHTML.slice(0, 100))"
    )


# Curves run on beyond the frames that pictures clip them to.
OUTSIDE = (
    "!e.ownerSVGElement && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)"
)
CUT = "getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1"
FOLDED = "document.querySelectorAll('details:not([open])').length"
HIDDEN = (
    "[...document.querySelectorAll('details > :not(summary)')]"
    ".filter(e => !e.checkVisibility() || !e.getBoundingClientRect().height).length"
)


@pytest.mark.parametrize("name", REPORTS)
def test_on_paper_all_is_unfolded_and_nothing_is_cut_off_or_left_to_press(opened, name):
    page = opened(name)
    assert page.evaluate(FOLDED) >= 2
    assert page.evaluate(HIDDEN) >= 2
    page.emulate_media(media="print")

    assert page.evaluate(HIDDEN) == 0
    assert elements(page, OUTSIDE) == []
    assert elements(page, CUT) == []
    assert elements(page, "e.matches('button, select, input')") == []
    assert page.locator(".bench tbody tr").first.is_visible()
    assert page.locator(".chart svg").first.is_visible()


def test_paper_is_white_and_its_ink_is_dark_whatever_the_screen(opened):
    page = opened("lesson", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert faintest(page)[0] >= 4.5, faintest(page)[1]


def test_it_is_printed_on_pages_that_hold_more_than_what_is_unfolded_on_the_screen(opened):
    page = opened("lesson")
    whole = len(re.findall(rb"/Type /Page\b", page.pdf(format="A4")))
    page.add_style_tag(content="details > :not(summary) { display: none !important }")

    assert 1 < len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) < whole < 12


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", REPORTS)
def test_text_stands_out_from_its_ground(opened, name, scheme):
    page = opened(name, 1280, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    least, where = faintest(page)

    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    assert least >= 4.5, where
    # The measure does measure.
    page.add_style_tag(content="h2 { color: #777 !important }")
    assert faintest(page)[0] < 4.6


@pytest.mark.parametrize(("wish", "seconds"), [("reduce", "0s"), ("no-preference", "5s")])
def test_nothing_glides_where_less_motion_is_wished_for(opened, wish, seconds):
    page = opened("lesson", reduced_motion=wish)
    page.add_style_tag(content=".chart { transition: opacity 5s; animation: turn 5s; scroll-behavior: smooth }")
    style = page.evaluate(
        "(s => [s.transitionDuration, s.animationDuration, s.scrollBehavior])(getComputedStyle(document.querySelector('.chart')))"
    )

    assert style == [seconds, seconds, "auto" if wish == "reduce" else "smooth"]
