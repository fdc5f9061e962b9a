"""What is on the page stays where it is while it loads, while someone types and while the bench walks."""

from __future__ import annotations

import pytest
from explorer_page import settle, typed

# The browser's own measure: the part of the window that moved, times how far. Beyond 0.1 people are disturbed.
WATCH = """window.moved = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries())
        moved.push([entry.value, ...entry.sources.map(s => s.node?.id || s.node?.className || s.node?.nodeName)]);
}).observe({ type: "layout-shift", buffered: true })"""
ALMOST_NOTHING = 0.002
# The last two are so tall that everything is in the window at once.
SIZES = [(1280, 900), (390, 800), (1280, 4000), (390, 6000)]


def moved(page):
    """How much moved since it was last asked, and what."""
    page.wait_for_timeout(100)
    found = page.evaluate("moved.splice(0)")
    return sum(entry[0] for entry in found), found


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_moves_from_the_start_through_typing_and_walking(address, chromium, width, height):
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(".bench caption")
    settle(page)
    page.wait_for_selector("#panels .derivation")
    much, what = moved(page)
    assert much <= ALMOST_NOTHING, what
    for text in ("mean((y - (m*x + b))^3)", "mean((y - (m*x + b))^", "mean((y - (m*x + b))^4)"):
        typed(page, text)
    much, what = moved(page)
    assert much <= ALMOST_NOTHING, what
    for _ in range(3):
        page.evaluate("symcalc.step()")
        page.wait_for_timeout(50)
    much, what = moved(page)
    assert much <= ALMOST_NOTHING, what
    # The measure does measure.
    page.evaluate("document.querySelector('main').style.marginTop = '100px'")
    assert moved(page)[0] > ALMOST_NOTHING
    context.close()
