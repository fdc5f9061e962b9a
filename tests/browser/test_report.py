"""The one-file report, opened from disk in a real browser."""

import re

import pytest
from explorer_page import first_report

from symcalc.app.cli import main

SIZES = [(1280, 900), (390, 800), (3840, 2160)]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    return first_report(tmp_path_factory.mktemp("report"))


def status(page):
    page.wait_for_timeout(150)
    return page.locator(".bench .status").inner_text()


def caption(page):
    page.wait_for_timeout(150)
    return page.locator(".bench caption").inner_text()


def test_it_asks_nothing_of_any_network_and_makes_no_fault(lesson, visit):
    page, asked, faults = visit(lesson)
    page.wait_for_selector(".chart svg", state="attached")

    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert faults == []


def test_it_brings_its_font_with_it(lesson, visit):
    page, _, _ = visit(lesson)
    page.wait_for_selector("math")
    page.wait_for_timeout(200)

    assert page.evaluate("[...document.fonts].map(f => [f.family.replaceAll('\"', ''), f.status])") == [
        ["STIX Two Math", "loaded"]
    ]


def test_its_slopes_agree_with_numpy(lesson, visit):
    page, _, _ = visit(lesson)

    assert "they agree with NumPy to 12 digits" in page.locator("#agreement").inner_text()


def test_stepping_shows_the_figures_of_the_lesson(lesson, visit):
    page, _, _ = visit(lesson)
    assert caption(page) == "step 0: loss 246750"
    page.click("text=Step")
    assert caption(page) == "step 1: loss 64566.1"
    assert "predicted to change the loss by −182184; it came to −182184" in status(page)
    page.click("text=Back")
    assert caption(page) == "step 0: loss 246750"


def test_the_numeric_slope_is_the_forward_difference_of_the_lesson(lesson, visit):
    page, _, _ = visit(lesson)
    page.wait_for_selector(".bench tbody td")
    cells = page.locator(".bench tbody tr").first.locator("td").all_inner_texts()

    assert cells[:3] == ["-2·mean(z·r)", "−296.728", "−296.727"]


def test_playing_reaches_the_minimum_and_pauses(lesson, visit):
    page, _, _ = visit(lesson)
    page.locator('.bench input[aria-label="steps a second"]').fill("60")
    page.click("text=Play")
    page.wait_for_function("window.symcalc.walk.steps.length > 30")
    page.click("text=Pause")

    assert page.evaluate("window.symcalc.walk.last.point") == pytest.approx([148.364, 470], abs=1e-2)


def test_a_rate_beyond_the_stable_limit_is_named(lesson, visit):
    page, _, _ = visit(lesson)
    page.locator('.bench input[aria-label="learning rate"]').fill("1.05")
    page.keyboard.press("Tab")

    assert "The rate 1.05 is above 1 = 2/λmax" in status(page)


def test_a_row_is_moved_by_keyboard_and_the_slope_follows(lesson, visit):
    page, _, _ = visit(lesson)
    before = caption(page)
    page.locator('[data-handle="row0"]').focus()
    page.keyboard.press("ArrowUp")

    assert caption(page) != before
    assert page.evaluate("window.symcalc.model.columns.y[0]") > 275


def test_a_point_is_dragged_on_the_contour(lesson, visit):
    page, _, _ = visit(lesson)
    page.wait_for_selector('[data-handle="contour"]')
    page.locator('[data-handle="contour"]').scroll_into_view_if_needed()
    box = page.locator('[data-handle="contour"]').bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y - 40, steps=4)
    page.mouse.up()
    page.wait_for_timeout(150)
    m, b = page.evaluate("window.symcalc.walk.last.point")

    assert m > 20
    assert b > 50


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_fits_every_window(lesson, visit, width, height):
    page, _, _ = visit(lesson, width, height)
    page.wait_for_selector(".chart svg", state="attached")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_can_be_read_aloud(lesson, visit):
    page, _, _ = visit(lesson)
    page.wait_for_selector(".chart svg", state="attached")

    assert all(page.locator("math").evaluate_all("all => all.map(m => m.getAttribute('aria-label'))"))
    assert page.get_by_role("button", name="Step").count() == 1
    assert page.get_by_role("slider", name="m", exact=True).count() == 1
    unnamed = page.evaluate(
        "[...document.querySelectorAll('button, input, select')].filter(e => !(e.ariaLabel || e.innerText || e.closest('label')?.innerText)).length"
    )
    assert unnamed == 0


def test_two_optimizers_run_side_by_side(lesson, visit):
    page, _, _ = visit(lesson)
    page.select_option(".bench label:has-text('beside it') select", "adam")
    for _ in range(3):
        page.click("text=Step")
    page.wait_for_timeout(200)

    assert page.locator(".line.second").count() >= 1
    assert page.evaluate("window.symcalc.second.steps.length") == 4


def test_text_of_a_user_stays_text(tmp_path, visit):
    data = tmp_path / "evil.csv"
    data.write_text('x,"</script><img src=x onerror=document.title=1>"\n1,2\n2,3\n4,4\n', encoding="utf-8")
    target = tmp_path / "page.html"
    columns = "y='</script><img src=x onerror=document.title=1>'"
    assert (
        main(["report", "mean((y - (m*x + b))^2)", "--data", str(data), "--columns", columns, "-o", str(target)]) == 0
    )
    page, _, faults = visit(target.as_uri())
    page.wait_for_selector(".chart svg", state="attached")

    assert faults == []
    assert page.locator("img").count() == 0
    assert re.search("slope", page.title()) or page.title()
