"""A running explorer and a page on it, for the tests of what the page can do."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager


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


def typed(page, text):
    """Types a loss and waits for what comes of it."""
    page.fill("#formula", text)
    settle(page)


def slopes(page):
    """The slopes, as they are read aloud."""
    return page.locator("#slopes math").evaluate_all("all => all.map(m => m.getAttribute('aria-label'))")
