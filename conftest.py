"""Collects the pages of the documentation as tests: one test a page, which runs every fence of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT / "tests" / "docs"))


class PageTest(pytest.Item):
    """All fences of one page, in order: later ones use the names and files of earlier ones."""

    def runtest(self) -> None:
        from code_fences import run_page

        run_page(self.path)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"page {self.path.name}"


class Page(pytest.File):
    """A page in Markdown."""

    def collect(self) -> Iterator[PageTest]:
        yield PageTest.from_parent(self, name="fences")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Page | None:
    """README and every page of docs."""
    documented = file_path == ROOT / "README.md" or file_path.is_relative_to(ROOT / "docs")
    return Page.from_parent(parent, path=file_path) if documented and file_path.suffix == ".md" else None
