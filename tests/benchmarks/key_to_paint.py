"""How long the explorer takes from a key to what is painted: python tests/benchmarks/key_to_paint.py

For each lesson formula, characters are typed one by one at its end; the time is measured in the page, from the
event to the frame after the new slope was put in.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time

FORMULAS = (
    "mean((y - (m*x + b))^2)",
    "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)",
    "mean(abs(y - (m*x + b)))",
    "mean(huber(y - (m*x + b), 50))",
)
KEYS = (" + m^2", " + b^2", " + (m*b)^2")
MEASURE = """async text => {
    const area = document.getElementById("formula");
    area.value = text;
    const before = explorer.painted;
    explorer.painted = null;
    const begun = performance.now();
    area.dispatchEvent(new Event("input"));
    while (explorer.painted === null && performance.now() - begun < 5000) await new Promise(done => setTimeout(done, 2));
    return explorer.painted;
}"""


def main() -> None:
    """Prints the median and the 95th percentile, and when the first slope was there."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "symcalc", "explore", "--port", "0", "--no-browser"]
    with sync_playwright() as playwright:
        switches = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=switches)
        begun = time.perf_counter()
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            url = next(word for word in process.stderr.readline().split() if word.startswith("http"))
            page = browser.new_page()
            page.goto(url)
            page.wait_for_selector("#slopes math")
            first = time.perf_counter() - begun
            times = []
            for formula in FORMULAS:
                for end in KEYS:
                    for k in range(len(end) + 1):
                        text = formula + end[:k]
                        taken = page.evaluate(MEASURE, text)
                        if taken is not None:
                            times.append(taken)
                        page.wait_for_timeout(150)
            process.terminate()
        browser.close()
    times.sort()
    print(f"first slope after the command: {first:.2f} s")
    print(
        f"key to paint: median {statistics.median(times):.0f} ms, 95 % under {times[int(0.95 * len(times))]:.0f} ms, {len(times)} keys"
    )


if __name__ == "__main__":
    main()
