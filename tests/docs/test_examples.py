"""The numbered examples run, and are numbered."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.stem)
def test_an_example_runs_and_prints_what_it_found(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(path), run_name="__main__")

    assert capsys.readouterr().out.strip()


def test_examples_are_numbered_from_1_and_each_says_what_it_shows() -> None:
    assert [path.name[:3] for path in SCRIPTS] == [f"{k:02}_" for k in range(1, len(SCRIPTS) + 1)]
    assert all(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) for path in SCRIPTS)


def test_every_example_is_shown_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "examples.md").read_text(encoding="utf-8")

    assert [path.name for path in SCRIPTS if f"../examples/{path.name}" not in page] == []
