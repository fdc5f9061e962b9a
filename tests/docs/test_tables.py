"""The tables of the documentation are those of the program."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tables", DOCS / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda p: p.stem)
def test_the_tables_of_a_page_are_up_to_date(tables: ModuleType, path: Path) -> None:
    page = path.read_text(encoding="utf-8")

    assert page == tables.filled(page), "run python docs/tables.py"


def test_every_table_stands_on_a_page(tables: ModuleType) -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))

    assert [name for name in tables.tables() if f"<!-- table: {name} -->" not in pages] == []


def test_every_function_says_what_it_is(tables: ModuleType) -> None:
    made = tables.tables()

    assert all(made.values())
    assert "| `exp(u)` |" in made["elementwise"]
