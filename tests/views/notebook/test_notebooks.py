"""Example notebooks run from the first cell to the last in a kernel, and show what they promise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
nbformat = pytest.importorskip("nbformat")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Executes a notebook: path → cell id → what it showed, type → text."""
    done = {}

    def executed(path):
        if path not in done:
            folder = tmp_path_factory.mktemp("notebook")
            notebook = nbformat.read(path, as_version=4)
            before = os.environ.get("PYTHONPATH")
            os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *([before] if before else [])])
            os.environ["IPYTHONDIR"] = str(folder)
            try:
                client = nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
                client.execute()
            finally:
                os.environ.pop("IPYTHONDIR")
                os.environ.pop("PYTHONPATH") if before is None else os.environ.update(PYTHONPATH=before)
            done[path] = {
                cell.id: [dict(o.data) for o in cell.outputs if "data" in o]
                for cell in notebook.cells
                if cell.cell_type == "code"
            }
        return done[path]

    return executed


def test_there_are_notebooks_without_outputs():
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        assert all(not c.outputs and c.execution_count is None for c in cells if c.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_every_cell_runs_and_shows_something(run, path):
    assert all(run(path).values())


def test_formulas_are_latex_and_runs_are_html(run):
    shown = run(ROOT / "examples" / "notebook.ipynb")

    for name in ("loss", "gradient"):
        assert "text/latex" in shown[name][0]
        assert "text/html" not in shown[name][0]
    for name in ("trace", "compare"):
        assert "<svg " in shown[name][0]["text/html"]
    for name in ("rates", "step", "ending", "why"):
        assert "<table" in shown[name][0]["text/html"]
    assert "<math " in shown["trace"][0]["text/html"]


def test_the_explorer_is_a_widget_in_a_kernel(run):
    shown = run(ROOT / "examples" / "notebook.ipynb")

    assert "application/vnd.jupyter.widget-view+json" in shown["explore"][0]


def test_the_prediction_is_that_of_least_squares(run):
    # b + m·300 of the least-squares line through the five films: 1.441038·300 + 102.535377.
    shown = run(ROOT / "examples" / "notebook.ipynb")["prediction"][0]["text/plain"]

    assert float(shown.removeprefix("array([").removesuffix("])")) == pytest.approx(534.8468, abs=1e-3)
