"""The History menu: where one has been, brought back with its formula, its table and its point, after a reload too."""

from __future__ import annotations

import pytest
from explorer_page import settle, slopes, typed, until

FIRST, SECOND = "mean((y - (m*x + b))^2)", "mean(abs(y - (k*x + c)))"


def places(page):
    return page.locator("#history option").all_inner_texts()[1:-1]


def choose(page, words):
    page.select_option("#history", label=words)
    settle(page)


def point(page):
    page.wait_for_timeout(100)
    return page.evaluate("symcalc.walk.last.point")


def reload(page):
    page.reload()
    page.wait_for_selector(".bench caption")
    settle(page)


@pytest.fixture
def been(page):
    """A page that has been at two losses, at a point of its own on each: (page, first point, second point)."""
    page.evaluate("symcalc.step()")
    first = point(page)
    page.evaluate("explorer.table.text('x,y\\n1,2\\n2,4\\n3,7\\n', 'mine.csv')")
    until(page, "window.symcalc.model.rows === 3")
    settle(page)
    typed(page, SECOND)
    page.evaluate("symcalc.moved([0, 1], [1.5, 0.25], true)")
    second = point(page)
    return page, first, second


def test_what_was_understood_is_listed_with_its_table_the_latest_first(been):
    page, _, _ = been
    typed(page, "mean((y - exq(m*x + b))^2)")

    assert places(page) == [f"{SECOND} · mine.csv", f"{FIRST} · mine.csv", f"{FIRST} · movies"]


@pytest.mark.parametrize("again", [False, True], ids=["at once", "after a reload"])
def test_a_place_comes_back_with_formula_table_and_point(been, again):
    page, first, second = been
    assert second == [1.5, 0.25]
    assert first != [0, 0]
    if again:
        reload(page)
        assert page.input_value("#formula") == FIRST
    choose(page, f"{SECOND} · mine.csv")

    assert page.input_value("#formula") == SECOND
    assert page.evaluate("explorer.table.columns") == {"x": [1, 2, 3], "y": [2, 4, 7]}
    assert page.evaluate("symcalc.model.entries") == ["k", "c"]
    assert point(page) == second
    choose(page, f"{FIRST} · movies")

    assert page.input_value("#formula") == FIRST
    assert page.input_value("#table select") == "movies"
    assert slopes(page) == ["∂L/∂m = -2·mean(x·r)", "∂L/∂b = -2·mean(r)"]
    assert point(page) == pytest.approx(first, rel=1e-15)


def test_undo_leads_back_from_a_place_that_was_chosen(been):
    page, _, second = been
    choose(page, f"{FIRST} · movies")
    page.click("#undo")
    settle(page)

    assert page.input_value("#formula") == SECOND
    assert point(page) == second


def test_a_dragged_row_is_a_place_too(page):
    page.locator('[data-handle="row4"]').focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(100)
    dragged = page.evaluate("explorer.table.columns.y[4]")
    typed(page, SECOND)
    choose(page, f"{FIRST} · your table")

    assert page.evaluate("symcalc.model.columns.y[4]") == dragged > 700


def test_it_is_kept_by_the_browser_and_told_to_nobody_until_it_is_chosen(been):
    page, _, _ = been
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    reload(page)

    assert f"{SECOND} · mine.csv" in places(page)
    assert len(sent) > 5
    assert not [text for text in sent if "abs" in text or "mine.csv" in text]
    assert page.context.cookies() == []


def test_it_can_be_forgotten(been):
    page, _, _ = been
    choose(page, "forget the others")
    assert places(page) == [f"{SECOND} · mine.csv"]
    reload(page)

    assert places(page) == [f"{FIRST} · movies", f"{SECOND} · mine.csv"]


@pytest.mark.parametrize("kept", ["no JSON", "7", '[{"text": "no JSON"}]', '[{"text": "{}"}]', "[null]"])
def test_what_the_browser_kept_may_be_anything(page, kept):
    page.evaluate("text => addEventListener('pagehide', () => localStorage.setItem('symcalc history', text))", kept)
    reload(page)

    assert places(page) == [f"{FIRST} · movies"]


def test_a_link_brings_the_point_along(been, visit):
    page, _, second = been
    page.click("#share")
    page.wait_for_timeout(100)
    other, _, _ = visit(page.evaluate("location.href"))
    other.wait_for_selector(".bench caption")

    assert other.input_value("#formula") == SECOND
    assert point(other) == second


def test_two_pages_keep_one_history(page):
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector(".bench caption")
    settle(other)
    typed(other, SECOND)
    until(
        page, f"[...document.querySelectorAll('#history option')].some(o => o.textContent === {SECOND + ' · movies'!r})"
    )
    typed(page, "mean((y - k*x)^2)")
    until(
        other, "[...document.querySelectorAll('#history option')].some(o => o.textContent.startsWith('mean((y - k*x)'))"
    )
    other.close()
    reload(page)

    assert places(page) == [f"{FIRST} · movies", "mean((y - k*x)^2) · movies", f"{SECOND} · movies"]
