"""What a screen reader is told of the explorer and of a report, read by eye and kept.

`python tests/browser/test_read_aloud.py FOLDER` writes the kept files anew.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from explorer_page import first_report, opened_browser, ready, running

KEPT = Path(__file__).parents[1] / "cases" / "pages"
PARTS = {"explorer": ("header", "main"), "report": ("main",)}
# Choices come from the tables of the catalogue; cells and values are numbers that other tests compare.
LEFT_OUT = ("text", "option", "rowgroup", "row", "rowheader", "cell", "code", "status")
LINE = re.compile(r"""^( *)- '?([a-z]+)( "(?:[^"\\]|\\.)*")?(?:: (.*))?""")


def told(page, name):
    """Roles and names in the order of the page; of what has no name, its words where they are a title."""
    lines = []
    for part in PARTS[name]:
        for line in page.locator(part).aria_snapshot().splitlines():
            found = LINE.match(line)
            if found and found[2] not in LEFT_OUT:
                words = f" {found[4]}" if found[2] == "strong" else (found[3] or "")
                lines.append(f"{found[1]}{found[2]}{words}")
    return "\n".join(lines) + "\n"


@pytest.fixture(params=PARTS)
def opened(request, address, visit, tmp_path):
    page, _, faults = visit(address if request.param == "explorer" else first_report(tmp_path))
    ready(page, request.param)
    assert faults == []
    return page, request.param


def test_a_screen_reader_is_told_what_was_read_by_eye(opened):
    page, name = opened

    assert told(page, name) == (KEPT / f"{name}-read-aloud.txt").read_text(encoding="utf-8")


def test_everything_in_it_that_is_used_has_a_name(opened):
    page, name = opened
    used = re.findall(
        r"^ *(button|combobox|textbox|slider|spinbutton|math|img|figure|navigation|region)(.*)$",
        told(page, name),
        re.MULTILINE,
    )

    assert len(used) > 20
    assert [role for role, words in used if not words.strip(' "')] == []


def test_a_name_that_is_lost_is_noticed(opened):
    page, name = opened
    before = told(page, name)
    page.evaluate("document.querySelector('.bench [aria-label=\"learning rate\"]').removeAttribute('aria-label')")

    assert told(page, name) != before


if __name__ == "__main__":
    with running() as explorer, opened_browser() as browser:
        for name, place in (("explorer", explorer), ("report", first_report(Path(sys.argv[1])))):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(place)
            ready(page, name)
            (KEPT / f"{name}-read-aloud.txt").write_text(told(page, name), encoding="utf-8")
