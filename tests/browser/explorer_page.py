"""A running explorer and a page on it, for the tests of what the page can do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager

SWITCHES = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run"]


@contextmanager
def opened_browser():
    """A running Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        yield browser
        browser.close()


def first_report(folder):
    """The address of a report of the first lesson, written into a folder."""
    from symcalc.app.cli import main

    target = folder / "lesson.html"
    assert main(["report", "movies", "-o", str(target)]) == 0
    return target.as_uri()


@contextmanager
def running(*options):
    """The address of an explorer that runs meanwhile."""
    command = [sys.executable, "-m", "symcalc", "explore", "--port", "0", "--no-browser", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        line = process.stderr.readline()
        yield next(word for word in line.split() if word.startswith("http"))
        process.terminate()
        process.wait(10)


def until(page, expression):
    """Waits for a condition; the page's own policy forbids what Playwright would wait with."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def settle(page):
    """Waits until everything asked is answered."""
    page.wait_for_timeout(50)
    until(page, "explorer.settled === explorer.asked")
    page.wait_for_timeout(50)


def ready(page, name):
    """Waits until a page, explorer or report, is all there."""
    page.wait_for_selector(".chart svg", state="attached")
    if name == "explorer":
        settle(page)
    page.wait_for_timeout(200)


def typed(page, text):
    """Types a loss and waits for what comes of it."""
    page.fill("#formula", text)
    settle(page)


def slopes(page):
    """The slopes, as they are read aloud."""
    return page.locator("#slopes math").evaluate_all("all => all.map(m => m.getAttribute('aria-label'))")


FAINTEST = """() => {
    const light = c => c.map(v => v / 255).map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((s, v, k) => s + v * [0.2126, 0.7152, 0.0722][k], 0);
    const rgb = text => text.match(/[\\d.]+/g).map(Number);
    const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0.99) return c.slice(0, 3); } return [255, 255, 255]; };
    const ink = e => { const style = getComputedStyle(e); return rgb(e.closest("svg") ? style.fill : style.color).slice(0, 3); };
    const words = "h1, h2, h3, p, td, th, caption, button:not(:disabled), select, input:not([type=range], [type=file]), label, code, summary, figcaption, math, pre, output, .limit, svg text";
    return [...document.querySelectorAll(words)].filter(e => e.checkVisibility() && (e.textContent.trim() || e.value))
        .map(e => { const [a, b] = [light(ink(e)), light(ground(e))].sort((p, q) => q - p); return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 80)]; }).sort((p, q) => p[0] - q[0])[0];
}"""


def faintest(page):
    """The least contrast of text with its ground, by the measure of WCAG 2, and the element that has it."""
    return page.evaluate(FAINTEST)
