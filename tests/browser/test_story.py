"""The lesson as a new user takes it, on a desk and on a phone: from the table of films to a prediction."""

from __future__ import annotations

import pytest
from explorer_page import faintest, settle, slopes, until

SIZES = [(1280, 900), (390, 800)]
# The least-squares line through the five films, by the normal equations: 1.441038·300 + 102.535377.
AT_300 = 534.8468


@pytest.fixture(params=SIZES, ids=["desk", "phone"])
def user(request, address, visit):
    width, height = request.param
    touch = {"has_touch": True} if width < 600 else {}
    page, asked, faults = visit(address, width, height, reduced_motion="reduce", **touch)
    page.wait_for_selector(".bench caption")
    settle(page)
    yield page
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def seen(page, selector):
    """Whether something is on the page and large enough to be pressed or read."""
    box = page.locator(selector).first.bounding_box()
    return box is not None and box["width"] > 20 and box["height"] > 20


def test_from_the_films_to_a_prediction_without_reading_anything(user):
    # What is there at first: the loss, its slope, the films.
    assert slopes(user) == ["∂L/∂m = -2·mean(x·r)", "∂L/∂b = -2·mean(r)"]
    assert user.locator("#table select").first.input_value() == "movies"
    # The page says what is in the way, and offers the remedy.
    user.get_by_role("button", name="Rescale x").click()
    settle(user)
    assert slopes(user) == ["∂L/∂m = -2·mean(z·r)", "∂L/∂b = -2·mean(r)"]
    assert user.get_by_role("button", name="Rescale x").count() == 0
    # One step, with what was predicted and what came.
    assert seen(user, ".bench button.primary")
    user.get_by_role("button", name="Step", exact=True).click()
    user.wait_for_timeout(100)
    assert "predicted to change the loss by −182184; it came to −182184" in user.inner_text(".bench .status")
    # Play, and it ends by itself at the minimum.
    user.locator('.bench input[aria-label="steps a second"]').fill("60")
    user.get_by_role("button", name="Play", exact=True).click()
    until(user, "!symcalc.timer && symcalc.walk.steps.length > 20")
    until(user, "document.querySelector('.bench .status').textContent.includes('no longer moves')")
    # A film with a budget of 300.
    user.get_by_label("x of a new row").fill("300")
    user.wait_for_timeout(100)
    words = user.inner_text(".predict output")

    assert float(words.removeprefix("y = ")) == pytest.approx(AT_300, abs=1e-3)


def test_the_derivation_is_read_without_scrolling_sideways(user):
    reasons = user.locator(".derivation").first.locator("td:last-child")
    room = user.evaluate("innerWidth")

    for k in range(reasons.count()):
        box = reasons.nth(k).bounding_box()
        assert box["x"] + box["width"] <= room
        assert box["height"] < 120


def test_formulas_are_set_in_the_font_that_the_page_brings(user):
    assert user.evaluate("[...document.fonts].map(f => [f.family.replaceAll('\"', ''), f.status])") == [
        ["STIX Two Math", "loaded"]
    ]


def test_every_control_can_be_hit_with_a_finger(user):
    small = user.evaluate(
        "[...document.querySelectorAll('button, select, input:not([type=file], [type=range])')]"
        ".filter(e => e.checkVisibility()).filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
    )
    assert small == []


def test_what_has_the_focus_is_seen(user):
    for selector in ("#formula", "#share", ".bench button.primary", '[data-chip="m"]', "#slopes .term"):
        user.locator(selector).first.focus()
        user.keyboard.press("Shift+Tab")
        user.keyboard.press("Tab")
        style = user.evaluate(
            "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        assert style[0] == "solid"
        assert style[1] >= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(address, visit, scheme):
    """WCAG 2 asks for a contrast of 4.5 for text."""
    page, _, _ = visit(address, color_scheme=scheme)
    page.wait_for_selector(".bench caption")
    worst = faintest(page)
    assert worst[0] >= 4.5, worst[1]


def test_nothing_jumps_while_typing_and_walking(user):
    def places():
        return [user.locator(s).first.bounding_box()["y"] for s in ("#data", ".bench", "#panels")]

    user.fill("#formula", "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)")
    settle(user)
    user.evaluate("scrollTo(0, 0)")
    before = places()
    user.fill("#formula", "z = (x - mean(x))/std(x); mean((y - (m*z + b))^4)")
    user.wait_for_timeout(30)
    assert places() == before
    settle(user)
    assert places() == before
    user.fill("#formula", "z = (x - mean(x))/std(x); mean((y - (m*z + b))^")
    settle(user)
    assert user.locator("#slopes").bounding_box()["height"] > 0
    user.fill("#formula", "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)")
    settle(user)
    assert places() == before
    user.evaluate("symcalc.step()")
    user.wait_for_timeout(100)
    assert places()[:2] == before[:2]


def test_the_caret_stands_below_its_place_in_a_long_line_too(user):
    user.fill("#formula", "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2) + exq(m)")
    settle(user)
    reason, line, carets = user.inner_text("#fault").splitlines()

    assert "exq" in reason
    start = carets.index("^")
    assert line[start : start + 3] == "exq"
    assert carets.strip() == "^^^"
    assert user.evaluate("document.getElementById('fault').scrollWidth <= innerWidth")


# What a screen reader is told, in the order of the page.
TOLD = (
    'heading "symcalc"', 'textbox "The loss"', 'group "How each name was read; press one to change it"',
    'combobox "m is a"', 'heading "Its slope"', 'math "∂L/∂m = -2·mean(x·r)"', 'heading "Data"', 'button "Step"',
    'slider "m"', 'slider "learning rate, logarithmic"', 'spinbutton "x of a new row"', 'slider "row 1: x 100, y 275"',
    'slider "the point"', "strong: Why the slope is that", "strong: Exercises",
)  # fmt: skip


def test_a_screen_reader_is_told_everything_in_order(user):
    told = [line.strip() for line in user.locator("body").aria_snapshot().splitlines()]
    places = []
    for words in TOLD:
        found = [k for k, line in enumerate(told) if line.lstrip("- '").startswith(words)]
        assert found, words
        places.append(found[0])

    assert places == sorted(places)
