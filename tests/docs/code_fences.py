"""Runs every code fence of a page, so that what the documentation shows is what happens.

    ```python       run in one namespace for the whole page; `>>>` lines are checked as doctests
    ```console      each line after `$ ` is run, and what it prints must be the lines below it
    ```text NAME    written to the file NAME, for the commands that follow
    ```diff         applied to a copy of the package, which the commands that follow then use

In console output `…` stands for whatever varies: within a line for a part of it, alone on a line for
any number of lines. Fences in `sh` hold lines for a shell of the reader; they are not run here.

    python tests/docs/code_fences.py README.md docs/*.md      writes the output that commands print now
"""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from unittest.mock import patch

from page_shell import ROOT, Shell
from sybil import Document, Example, Region
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
CHECKED = ("python", "console", "text", "diff")
UNCHECKED = ("sh", "toml", "latex")  # shown, not run: for a shell, a file or a page of the reader
PROMPT = "$ "
_INFO = re.compile(r"(?P<info>[^\n]*)\n")
# What differs from run to run or from machine to machine: times, round-off, digits beyond the tenth.
_VARIES = (
    (re.compile(r"\(\d+(\.\d+)? s\)"), "(… s)"),
    (re.compile(r"gap -?\d(\.\d+)?e[+-]\d+"), "gap …"),
    (re.compile(r"(?<![\d.])-?(?!1e-20)\d(\.\d+)?e-(09|1\d)"), "…"),
    (re.compile(r"(\d\.\d{6})\d{6,}"), r"\1…"),
)


def commands(source: str) -> Iterator[tuple[str, str]]:
    """(command, what it prints) for each `$ ` line of a console fence; `\\` at its end goes on with the next."""
    command = ""
    printed: list[str] = []
    for line in source.splitlines(keepends=True):
        if line.startswith(PROMPT):
            if command:
                yield command, "".join(printed)
            command, printed = line[len(PROMPT) :].rstrip("\n"), []
        elif command.endswith("\\") and not printed:
            command += "\n" + line.rstrip("\n")
        else:
            printed.append(line)
    if command:
        yield command, "".join(printed)


def same(expected: str, came: str) -> bool:
    """Whether the output is what the page shows; `…` stands for what varies."""
    parts = []
    for line in expected.rstrip().splitlines():
        alone = line.strip() == "…"
        # Columns are set apart by what is in them, so by as many blanks as that needs.
        pattern = re.sub(r"(?<=\S)(\\ ){2,}", "  +", re.escape(line.rstrip()).replace("…", ".*?"))
        parts.append("(?:.*\n)*?" if alone else pattern + " *\n")
    tidy = "".join(f"{line.rstrip()}\n" for line in came.rstrip().splitlines())
    return re.fullmatch("".join(parts), tidy) is not None


def _console(example: Example) -> str | None:
    shell: Shell = example.namespace["_shell"]
    for command, expected in commands(example.parsed):
        came = shell.run(command)
        if not same(expected, came):
            return f"$ {command}\nshould print\n{expected}\nand prints\n{came}"
    return None


def _text(example: Example) -> None:
    shell: Shell = example.namespace["_shell"]
    name, source = example.parsed
    if name:
        (shell.folder / name).write_text(source, encoding="utf-8")


def _diff(example: Example) -> None:
    example.namespace["_shell"].patched(example.parsed)


def fences(document: Document) -> Iterator[tuple[str, str, Region]]:
    """(language, what follows it, region) of every fence."""
    for region in RawFencedCodeBlockLexer(_INFO)(document):
        language, _, rest = region.lexemes["info"].strip().partition(" ")
        yield language, rest.strip(), region


def _others(document: Document) -> Iterator[Region]:
    for language, rest, region in fences(document):
        source = str(region.lexemes["source"])
        if language == "console":
            yield Region(region.start, region.end, source, _console)
        elif language == "text":
            yield Region(region.start, region.end, (rest, source), _text)
        elif language == "diff":
            yield Region(region.start, region.end, source, _diff)


def examples(path: Path) -> Iterable[Example]:
    """What is to be run of a page, in order."""
    python = PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)
    return Document.parse(str(path), python, _others).examples()


@contextlib.contextmanager
def patient() -> Iterator[None]:
    """Checks get more time than they have otherwise, so that a busy machine says the same as an idle one."""
    from symcalc.calculus import checking, unrolled

    with (
        patch.object(checking, "SECONDS", 10 * checking.SECONDS),
        patch.multiple(unrolled, SECONDS=5 * unrolled.SECONDS, ONE_SECONDS=5 * unrolled.ONE_SECONDS),
    ):
        yield


def run_page(path: Path) -> None:
    """Runs a page, in a folder of its own.

    Raises:
        SybilFailure: Something is not as the page says.
    """
    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer) / "here"
        folder.mkdir()
        with contextlib.chdir(folder), patient():
            shell = Shell(folder)
            for example in examples(path):
                example.namespace["_shell"] = shell
                example.evaluate()


def rewritten(path: Path) -> str:
    """The page with the output that its commands print now, where it differs from what is shown."""
    document = Document.parse(str(path), PythonCodeBlockParser(), _others)
    text, parts, end = document.text, [], 0
    with tempfile.TemporaryDirectory() as outer, contextlib.chdir(outer), patient():
        folder = Path(outer) / "here"
        folder.mkdir()
        os.chdir(folder)
        shell = Shell(folder)
        for example in document.examples():
            example.namespace["_shell"] = shell
            if example.region.evaluator is _diff:
                lines = [shell.patched(example.parsed)]
            elif example.region.evaluator is _console:
                lines = [_shown(shell, command, expected) for command, expected in commands(example.parsed)]
            else:
                with contextlib.suppress(Exception):
                    example.evaluate()
                continue
            start = text.index("\n", example.region.start) + 1
            parts += [text[end:start], "".join(lines).rstrip() + "\n"]
            end = text.index("```", start)
    return "".join([*parts, text[end:]])


def _shown(shell: Shell, command: str, expected: str) -> str:
    """A command and what it prints now; as the page has it where that still holds."""
    came = shell.run(command)
    if "fault of symcalc" in came:
        raise AssertionError(f"$ {command}\n{came}")
    return f"{PROMPT}{command}\n{expected if same(expected, came) else _steady(came)}"


def _steady(came: str) -> str:
    """Output as a page shows it: with `…` for what varies."""
    for pattern, instead in _VARIES:
        came = pattern.sub(instead, came)
    return "".join(f"{line.rstrip()}\n" for line in came.rstrip().splitlines())


def main(paths: list[str]) -> None:
    for path in map(Path.resolve, map(Path, paths)):
        before, after = path.read_text(encoding="utf-8"), rewritten(path)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"{path.name} was brought up to date")


if __name__ == "__main__":
    main(sys.argv[1:])
