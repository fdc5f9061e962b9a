"""How fast the explorer feels: python tests/benchmarks/key_to_paint.py

first slope      from the command to the frame with the first typeset slope, in a browser that is open already, and when its
                 parts were there: the address, the page's own code, the server's answer; the best and the median of some
                 starts, from the second on and where nothing was kept from an earlier one; beside it what a browser that is
                 not open yet takes to show an empty page, and what importing SymPy takes with nothing beside it
key to paint     for each lesson formula, characters are typed one by one at its end; the time is measured in the page,
                 from the event to the frame after the new slope was put in
frames           a walk of 1,000 steps on the bench: the time each step takes with all that is drawn for it
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FORMULAS = (
    "mean((y - (m*x + b))^2)",
    "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)",
    "mean(abs(y - (m*x + b)))",
    "mean(huber(y - (m*x + b), 50))",
)
KEYS = (" + m^2", " + b^2", " + (m*b)^2")
STARTS, STEPS = 7, 1000
SWITCHES = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run"]
# What is installed has its bytecode; without it every start would compile symcalc anew.
SURROUNDINGS = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
# Notes when the first slope was painted: after the frame that follows its coming.
WATCH = """new MutationObserver((_, watching) => {
    if (!document.querySelector("#slopes math")) return;
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.shown = Date.now(); }));
}).observe(document, { subtree: true, childList: true })"""
CAME = """() => Object.fromEntries(performance.getEntriesByType("resource")
    .map(e => [e.name.split("/").pop(), performance.timeOrigin + e.responseEnd]))"""
# A quick typist's pause between two keys.
PAUSE = 150
MEASURE = """async text => {
    const area = document.getElementById("formula");
    area.value = text;
    explorer.painted = null;
    const begun = performance.now();
    area.dispatchEvent(new Event("input"));
    while (explorer.painted === null && performance.now() - begun < 5000) await new Promise(done => setTimeout(done, 2));
    return explorer.painted;
}"""
FRAMES = """async steps => {
    const bench = window.symcalc, times = [];
    for (let k = 0; k < steps; k++) {
        const begun = performance.now();
        bench.walk.step();
        bench.render(false);
        document.body.getBoundingClientRect();
        times.push(performance.now() - begun);
        if (k % 50 === 0) await new Promise(requestAnimationFrame);
    }
    return times;
}"""


@contextmanager
def explorer(**settings: str) -> Iterator[str]:
    """The address of an explorer that runs meanwhile, with some variables of its surroundings set."""
    command = [sys.executable, "-m", "symcalc", "explore", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=SURROUNDINGS | settings) as process:
        assert process.stderr is not None
        yield next(word for word in process.stderr.readline().split() if word.startswith("http"))
        process.terminate()


def main() -> None:
    """Prints all three."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        cold = [opened(playwright) for _ in range(3)]
        imports = [imported() for _ in range(STARTS)]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        browser.new_page().goto("about:blank")
        never_before = []
        for _ in range(STARTS):
            with tempfile.TemporaryDirectory() as empty:
                never_before.append(first_slope(browser, XDG_CACHE_HOME=empty)["first slope"])
        starts = [first_slope(browser) for _ in range(STARTS + 1)][1:]
        with explorer() as url:
            page = browser.new_page()
            page.goto(url)
            page.wait_for_selector(".bench caption")
            times = typed(page)
            page.reload()
            page.wait_for_selector(".bench caption")
            frames = sorted(page.evaluate(FRAMES, STEPS))
        browser.close()
    load = os.getloadavg()[0]
    for part in starts[0]:
        seen = [start[part] for start in starts]
        print(f"{part} after the command: best {min(seen):.2f} s, median {statistics.median(seen):.2f} s")
    print(
        f"first slope where nothing was kept: best {min(never_before):.2f} s, median {statistics.median(never_before):.2f} s"
    )
    print(
        f"an empty page of a browser that was not open: best {min(cold):.2f} s, median {statistics.median(cold):.2f} s"
    )
    print(f"importing SymPy alone: best {min(imports):.2f} s, median {statistics.median(imports):.2f} s")
    print(
        f"key to paint: median {statistics.median(times):.0f} ms, 95 % under {times[int(0.95 * len(times))]:.0f} ms, {len(times)} keys"
    )
    print(f"a step of {STEPS:,} with its frame: median {frames[len(frames) // 2]:.1f} ms, 95 % under {frames[int(0.95 * len(frames))]:.1f} ms, "
          f"so {1000 / frames[int(0.95 * len(frames))]:.0f} frames a second or better")  # fmt: skip
    print(f"(load of the machine meanwhile: {load:.1f} on {os.cpu_count()} cores)")


def opened(playwright: Any) -> float:
    """Seconds a browser takes from nothing to an empty page."""
    begun = time.time()
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
    browser.new_page().goto("about:blank")
    taken = time.time() - begun
    browser.close()
    return taken


def imported() -> float:
    """Seconds a new process takes to import SymPy."""
    begun = time.time()
    subprocess.run([sys.executable, "-c", "import sympy"], check=True, env=SURROUNDINGS)
    return time.time() - begun


def first_slope(browser: Any, **settings: str) -> dict[str, float]:
    """Seconds from the command to each part of a start."""
    begun = time.time()
    with explorer(**settings) as url:
        told = time.time()
        page = browser.new_page()
        page.add_init_script(WATCH)
        page.goto(url, wait_until="commit")
        page.wait_for_selector("#slopes math")
        page.wait_for_timeout(200)
        came = page.evaluate(CAME)
        shown = page.evaluate("window.shown")
        page.close()
    at = {
        "address": told,
        "code of the page": came["explorer.js"] / 1000,
        "answer": came["first"] / 1000,
        "first slope": shown / 1000,
    }
    return {part: moment - begun for part, moment in at.items()}


def typed(page: Any) -> list[float]:
    """Milliseconds from key to paint, sorted."""
    times = []
    for formula in FORMULAS:
        for end in KEYS:
            for k in range(len(end) + 1):
                taken = page.evaluate(MEASURE, formula + end[:k])
                if taken is not None:
                    times.append(taken)
                page.wait_for_timeout(PAUSE)
    return sorted(times)


if __name__ == "__main__":
    main()
