"""The explorer in a real browser: where terms come from, runs side by side, exercises."""

from __future__ import annotations

import pytest
from explorer_page import settle, slopes, typed, until


def lit(page, where):
    return page.locator(f"{where} .lit").evaluate_all("all => all.map(e => e.textContent)")


# -- where terms come from ---------------------------------------------------------------------------


def test_pointing_at_a_term_lights_up_where_it_comes_from(page):
    typed(page, "mean((y - (m*x + b))^2) + m^2")
    page.locator("#slopes .term", has_text="2m").first.hover()

    assert lit(page, "#typeset") == ["m2"]
    assert page.inner_text("#origin") == "2·m comes from m^2"
    page.locator("#slopes .term", has_text="mean").first.hover()
    assert lit(page, "#typeset") == ["mx"]
    assert page.inner_text("#origin") == "2·mean(x·r) comes from m*x, through r"


def test_the_same_by_keyboard_and_it_goes_dark_again(page):
    page.locator("#slopes .term").first.focus()
    assert lit(page, "#typeset") == ["mx"]
    page.locator("#formula").focus()
    assert lit(page, "#typeset") == []


def test_a_line_of_the_derivation_lights_up_the_lines_it_uses(page):
    settle(page)
    page.locator('.derivation tr[data-line="4"]').first.hover()

    assert page.locator(".derivation").first.locator("tr.lit").evaluate_all("all => all.map(e => e.dataset.line)") == [
        "1",
        "3",
        "4",
    ]


# -- runs --------------------------------------------------------------------------------------------


@pytest.fixture
def runs(page):
    settle(page)
    page.click("text=Runs side by side")
    return page


def run(page, optimizer, steps, rate=""):
    page.select_option('[aria-label="optimizer of the run"]', optimizer)
    page.fill('[aria-label="learning rate of the run"]', rate)
    page.fill('[aria-label="steps of the run"]', str(steps))
    page.get_by_role("button", name="Run", exact=True).click()


def test_runs_are_kept_side_by_side(runs):
    run(runs, "newton", 5)
    until(runs, "!explorer.panels.runs.going && explorer.panels.runs.runs.length === 1")
    run(runs, "gradient-descent", 50, "0.000001")
    until(runs, "!explorer.panels.runs.going && explorer.panels.runs.runs.length === 2")
    rows = runs.locator("details:has-text('Runs side by side') tbody tr").all_inner_texts()

    assert rows[0].startswith("newton")
    # Least squares of the five films: m = 1.441038, b = 102.535377, mean squared residual 3838.38.
    assert "m 1.44104, b 102.535" in rows[0]
    cells = runs.locator("details:has-text('Runs side by side') tbody tr").nth(1).locator("th, td").all_text_contents()
    assert cells[:3] == ["gradient-descent", "10⁻⁶", "50"]
    assert runs.locator(".line.run0, .line.run1").count() >= 2


def test_a_long_run_streams_and_stops_at_once(runs):
    run(runs, "adam", 100_000)
    until(runs, "explorer.panels.runs.runs[0]?.losses.length > 200")
    assert runs.evaluate("explorer.panels.runs.going !== null")
    runs.get_by_role("button", name="Stop", exact=True).click()
    until(runs, "explorer.panels.runs.going === null")
    walked = runs.evaluate("explorer.panels.runs.runs[0].losses.length")
    said = runs.locator("details:has-text('Runs side by side') .status").inner_text()

    assert walked < 100_000
    assert said == f"Stopped after {walked - 1} steps."
    run(runs, "newton", 3)
    until(runs, "explorer.panels.runs.runs[1]?.done")


def test_a_run_that_cannot_be_says_why(runs):
    run(runs, "gradient-descent", 10, "-1")
    until(runs, "explorer.panels.runs.going === null")

    assert "learning rate" in runs.locator("details:has-text('Runs side by side') .status").inner_text()
    assert runs.evaluate("explorer.panels.runs.runs.length") == 0


def test_the_same_optimizer_with_numeric_slopes_walks_beside(page):
    settle(page)
    page.select_option(".bench label:has-text('beside it') select", "numeric slopes")
    for _ in range(3):
        page.click(".bench button.primary")
        page.wait_for_timeout(60)

    assert "Beside it, gradient-descent, numeric slopes: loss" in page.inner_text(".bench .status")
    exact, measured = page.evaluate("[symcalc.walk.last.point, symcalc.second.last.point]")
    assert exact != measured
    assert exact == pytest.approx(measured, rel=1e-6)


# -- exercises ---------------------------------------------------------------------------------------


def test_an_exercise_is_answered_with_hints(page):
    settle(page)
    page.click("text=Exercises")
    page.evaluate("explorer.panels.exercises.fresh(7)")
    panel = page.locator("details:has(> summary:has-text('Exercises'))")
    panel.locator(".typeset math").first.wait_for()
    panel.get_by_role("button", name="Hint").click()
    panel.locator("ol li").first.wait_for()
    answer = panel.get_by_label("your answer")
    answer.fill("12345")
    answer.press("Enter")
    panel.locator("p.bad:has-text('Not yet.')").wait_for()
    answer.fill("2*(")
    answer.press("Enter")
    panel.locator("p.bad:has-text('without its')").wait_for()
    right = page.evaluate(
        "fetch('/ask/attempt', {method: 'POST', headers: {'content-type': 'application/json'}, "
        "body: JSON.stringify({level: 1, seed: 7, give_up: true})}).then(r => r.json()).then(f => f.right)"
    )
    answer.fill(right)
    answer.press("Enter")
    panel.locator("p.good:has-text('Right.')").wait_for()

    assert panel.inner_text().endswith("1 of 1 solved.")


def test_giving_up_shows_the_way(page):
    settle(page)
    page.click("text=Exercises")
    page.get_by_role("button", name="New exercise").click()
    page.get_by_role("button", name="Give up").click()
    page.wait_for_selector("details:has(> summary:has-text('Exercises')) .derivation math")

    assert "0 of 1 solved." in page.inner_text("#panels")


def test_what_is_typed_next_is_answered_after_a_formula_that_takes_long(page):
    settle(page)
    page.fill("#formula", "sin(" * 40 + "x" + ")" * 40)
    page.fill("#formula", "mean((y - m*x)^2)")
    settle(page)

    assert slopes(page) == ["dL/dm = -2·mean(x·r)"]
