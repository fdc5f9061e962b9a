"""The gallery shows every kind of picture, and every picture it shows is there."""

import re
import shlex

from page_shell import ROOT

from symcalc.views.figures.kinds import KINDS

PAGE = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")


def test_every_kind_has_its_place():
    shown = [shlex.split(line)[2] for line in PAGE.splitlines() if line.startswith("symcalc plot")]

    assert sorted(shown) == sorted(KINDS)


def test_every_picture_is_there_and_has_words():
    pictures = re.findall(r"!\[([^\]]+(?:\][^(][^\]]*)*)\]\(([^)]+)\)", PAGE)

    assert len(pictures) == len(KINDS)
    for words, file in pictures:
        assert (ROOT / "docs" / file).stat().st_size > 10_000
        assert len(words) > 40
