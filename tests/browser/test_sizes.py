"""Where the panels stand at three sizes, by machine: in reading order, side by side as they were looked at, none over another.

`python tests/browser/test_sizes.py FOLDER` writes the kept places anew.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import pytest
from explorer_page import first_report, opened_browser, ready, running

KEPT = Path(__file__).parents[1] / "cases" / "pages"
SIZES = [(390, 800), (1280, 900), (2560, 1440)]
PAGES = ["explorer", "report"]
# What stands together; what holds it is a panel of a line above.
TOGETHER = (
    ".symcalc > header, .symcalc > main > *", ".bench > *", ".sliders > *", ".pictures > *",
    "#panels > details, main > section > details",
)  # fmt: skip
# CSS pixels: what a finger hits, by WCAG 2.2.
FINGER = 24
BOXES = """group => [...document.querySelectorAll(group)].filter(e => e.checkVisibility() && e.getBoundingClientRect().height).map(e => {
    const { left, top, right, bottom } = e.getBoundingClientRect();
    const name = e.getAttribute("aria-label") ?? e.querySelector(":scope > :is(h2, figcaption, span, summary)")?.firstChild.textContent ?? (e.className || e.tagName.toLowerCase());
    return { name, left: Math.round(left), top: Math.round(top + scrollY), right: Math.round(right), bottom: Math.round(bottom + scrollY) };
})"""
PRESSED = """() => [...document.querySelectorAll("button, select, summary, input[type=number]")].filter(e => e.checkVisibility())
    .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 80)]).map(([box, words]) => [Math.min(box.width, box.height), words])"""


def boxes(page):
    """The panels of each group, in the order of the document."""
    return [page.evaluate(BOXES, group) for group in TOGETHER]


def lines(panels):
    """The names of panels, those side by side on one line."""
    rows = []
    for panel in sorted(panels, key=lambda box: (box["top"], box["left"])):
        if rows and panel["top"] < min(box["bottom"] for box in rows[-1]):
            rows[-1].append(panel)
        else:
            rows.append([panel])
    return [[box["name"] for box in sorted(row, key=lambda box: box["left"])] for row in rows]


def told(page, width):
    """Where the panels stand at a width, as it is kept."""
    groups = "\n".join("\n".join(f"  {' | '.join(row)}" for row in lines(group)) + "\n" for group in boxes(page))
    return f"{width} px wide\n{groups}\n"


@pytest.fixture(scope="module")
def addresses(address, tmp_path_factory):
    return {"explorer": address, "report": first_report(tmp_path_factory.mktemp("sizes"))}


@pytest.fixture
def opened(addresses, visit, request):
    name, (width, height) = request.param
    page, _, faults = visit(addresses[name], width, height)
    ready(page, name)
    assert faults == []
    return name, page, width


every_page = pytest.mark.parametrize(
    "opened", [(name, size) for name in PAGES for size in SIZES], ids=lambda c: f"{c[0]}-{c[1][0]}", indirect=True
)


@every_page
def test_the_panels_stand_where_they_were_looked_at(opened):
    name, page, width = opened

    assert told(page, width) in (KEPT / f"{name}-layout.txt").read_text(encoding="utf-8")


@every_page
def test_they_are_met_in_the_order_of_the_document_and_none_is_over_another(opened):
    _, page, _ = opened
    for group in boxes(page):
        assert len(group) >= 3
        assert [name for row in lines(group) for name in row] == [box["name"] for box in group]
        for one, other in combinations(group, 2):
            across = min(one["right"], other["right"]) - max(one["left"], other["left"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across <= 1 or down <= 1, (one, other)


@every_page
def test_nothing_is_beside_the_window_and_everything_can_be_hit(opened):
    _, page, width = opened

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [box for group in boxes(page) for box in group if box["left"] < 0 or box["right"] > width] == []
    pressed = page.evaluate(PRESSED)
    assert len(pressed) > 10
    assert [found for found in pressed if found[0] < FINGER] == []


@pytest.mark.parametrize("opened", [("explorer", SIZES[1])], ids=["explorer"], indirect=True)
def test_the_measures_do_measure(opened):
    _, page, width = opened
    before = told(page, width)
    page.evaluate("document.querySelector('main').style.gridTemplateColumns = '1fr'")
    assert told(page, width) != before
    page.evaluate("document.getElementById('data').style.marginTop = '-80px'")
    upper, lower = (next(box for box in boxes(page)[0] if box["name"] == name) for name in ("The slope", "The data"))
    assert upper["bottom"] > lower["top"] + 1
    page.evaluate(
        "document.getElementById('share').style.minHeight = document.getElementById('share').style.height = '10px'"
    )
    assert min(page.evaluate(PRESSED))[0] < FINGER


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    with running() as explorer, opened_browser() as browser:
        for name, place in (("explorer", explorer), ("report", first_report(Path(sys.argv[1])))):
            text = ""
            for width, height in SIZES:
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(place)
                ready(page, name)
                text += told(page, width)
            (KEPT / f"{name}-layout.txt").write_text(text, encoding="utf-8")
