"""The races of symcalc and its peers: the sides agree with each other, and a page gets its tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

FOLDER = Path(__file__).parent


@pytest.fixture
def race(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    import race

    return race


def ran(*arguments):
    return subprocess.run(
        [sys.executable, str(FOLDER / "peers.py"), *arguments], capture_output=True, text=True, check=False
    )


def test_all_sides_agree_and_the_page_gets_the_tables(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- peers -->\nold\n<!-- end of peers -->\nafter\n", encoding="utf-8")

    made = ran("--quick", "--write", str(page))

    assert (made.returncode, made.stdout.count("| peer / symcalc |")) == (0, 1), made.stderr
    assert page.read_text(encoding="utf-8") == f"before\n<!-- peers -->\n{made.stdout}<!-- end of peers -->\nafter\n"
    for title in ("Rosenbrock", "decay", "Huber", "softmax", "network", "arrays to optimum", "growing", "catalogue"):
        assert title in made.stdout or title in made.stderr


def test_a_page_without_a_place_is_refused_before_anything_is_timed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("no place\n", encoding="utf-8")

    made = ran("--quick", "--write", str(page))

    assert (made.returncode, made.stdout) == (1, "")
    assert made.stderr.startswith("peers: The page has no place for the tables")


def test_an_unknown_work_is_refused():
    made = ran("--quick", "--only", "no such work")

    assert (made.returncode, made.stdout) == (1, "")
    assert "No work is called no such work" in made.stderr


@pytest.mark.parametrize("theirs", [[np.ones(1), np.array([1.0, 2.1])], [np.ones(1), np.ones(3)], [np.array([np.nan]), np.ones(2)]])  # fmt: skip
def test_sides_that_differ_are_not_timed(race, theirs):
    work = SimpleNamespace(title="work", agree=1e-9)

    with pytest.raises(race.Disagreement, match="work: peer"):
        race.check(work, {"symcalc": [np.ones(1), np.array([1.0, 2.0])], "peer": theirs})
