"""What pages may hold, that they lead to each other, and that what runs them notices a difference."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from code_fences import CHECKED, PAGES, UNCHECKED, commands, fences, same
from page_shell import ROOT, apply
from sybil import Document

from symcalc.app.cli import COMMANDS


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_fence_is_of_a_kind_that_is_checked_or_meant_for_a_shell(path: Path) -> None:
    document = Document.parse(str(path))

    kinds = [language for language, _, _ in fences(document) if not language.startswith("{")]

    assert [kind for kind in kinds if kind not in (*CHECKED, *UNCHECKED)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_page_is_in_the_table_of_contents() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    names = [str(p.relative_to(ROOT / "docs").with_suffix("")) for p in PAGES if p.is_relative_to(ROOT / "docs")]

    assert [name for name in names if name != "index" and f"\n{name}\n" not in index] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"\n## {name}\n" in (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_every_public_name_is_documented() -> None:
    import symcalc

    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")

    assert [name for name in symcalc.__all__ if f"sc.{name}" not in page] == []


def test_the_tests_of_readme_are_those_of_the_check_script() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    pattern = re.search(r'grep -m 1 -E "([^"]+)"', (ROOT / ".ci" / "run").read_text(encoding="utf-8"))

    assert pattern is not None
    assert len([line for line in lines if re.search(pattern[1], line)]) == 1


def test_pages_name_no_package_of_another_project() -> None:
    unwanted = re.compile(r"pip install (-\S+ )*symcalc\b|/work/|/tmp/|/home/")

    assert [p.name for p in PAGES if unwanted.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("expected", "came", "agree"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nd\n", True),
        ("checked (… s)\n", "checked (0.04 s)\n", True),
        ("checked (… s)\nmore\n", "checked (0.04 s)\n", False),
        ("", "", True),
        ("", "unexpected\n", False),
    ],
)
def test_output_is_compared_line_by_line_but_for_ellipses(expected: str, came: str, agree: bool) -> None:
    assert same(expected, came) is agree


def test_a_command_may_go_on_in_the_next_line() -> None:
    source = "$ symcalc derive \\\n    'x^2'\nout\n$ echo $?\n0\n"

    assert list(commands(source)) == [("symcalc derive \\\n    'x^2'", "out\n"), ("echo $?", "0\n")]


def test_a_diff_that_does_not_fit_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n", encoding="utf-8")

    apply("--- a/a.txt\n+++ b/a.txt\n@@\n one\n+more\n", tmp_path)

    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "one\nmore\ntwo\n"
    with pytest.raises(AssertionError, match="does not fit"):
        apply("--- a/a.txt\n+++ b/a.txt\n@@\n three\n+more\n", tmp_path)
