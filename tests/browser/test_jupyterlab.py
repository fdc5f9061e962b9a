"""The widget in a real JupyterLab, where there is one: it is drawn, sliders move by keyboard, steps are taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.skipif(find_spec("jupyterlab") is None, reason="JupyterLab is not installed")

ROOT = Path(__file__).resolve().parents[2]
CELLS = [
    "import symcalc as sc\ngradient = sc.differentiate(sc.parse('mean((y - (m*x + b))^2)', data='movies'))\ngradient",
    "sc.descend(sc.compile(gradient), learning_rate=1e-6, steps=3)",
    "explorer = sc.explore('mean((y - (m*x + b))^2)', data='movies')\nexplorer",
]


def notebook():
    """The cells as a notebook."""
    cells = [
        {"cell_type": "code", "id": f"c{k}", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        for k, text in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab that shows the notebook."""
    (tmp_path / "try.ipynb").write_text(notebook(), encoding="utf-8")
    own = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--IdentityProvider.token=",
        f"--ServerApp.root_dir={tmp_path}",
    ]  # fmt: skip
    surroundings = {**os.environ, **own, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings) as process:
        for _ in range(240):
            found = list((tmp_path / "RUNTIME").glob("jpserver-*.json"))
            try:
                address = json.loads(found[0].read_text(encoding="utf-8"))["url"]
                urlopen(f"{address}api").close()
                break
            except (IndexError, ValueError, URLError):
                time.sleep(0.25)
        yield f"{address}lab/tree/try.ipynb"
        process.terminate()


def test_the_widget_is_used_by_keyboard(lab, visit):
    page, _, _ = visit(lab)
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click(timeout=60_000)
    page.wait_for_selector("text=/Python 3.*Idle/", timeout=60_000)
    for _ in CELLS:
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(500)
    caption = page.locator(".bench caption")
    caption.wait_for(timeout=60_000)
    assert caption.inner_text() == "step 0: loss 246750"
    page.locator('.bench input[type="range"][aria-label="m"]').focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    # JupyterLab has keys of its own, also for the arrows.
    assert caption.inner_text() != "step 0: loss 246750"
    page.locator(".bench button.primary").click()
    page.wait_for_timeout(300)

    assert caption.inner_text().startswith("step 1: loss ")
    # Two lines of mathematics do not stand in each other.
    boxes = page.locator(".jp-RenderedHTML math").evaluate_all(
        "all => all.map(m => m.getBoundingClientRect()).map(b => [b.top, b.bottom])"
    )
    assert len(boxes) >= 2
    assert all(above[1] <= below[0] for above, below in pairwise(boxes))
