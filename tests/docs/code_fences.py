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
import difflib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

from sybil import Document, Example, Region
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

ROOT = Path(__file__).resolve().parents[2]
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


class Shell:
    """Runs the few commands that pages show, in a folder of their own.

    Args:
        folder: Where files are written; commands run there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.code, self.package = folder, 0, None

    def run(self, line: str) -> str:
        """What one line prints, standard output and standard error together."""
        if re.search(r"\"[^\"]*[`$][^\"]*\"", line):
            raise ValueError(f"a shell would put something else for ` or $ between double quotes: {line}")
        words, stages, target = _words(line), [[]], None
        for k, word in enumerate(words):
            if word == "|":
                stages.append([])
            elif word == ">":
                target = words[k + 1]
                break
            else:
                stages[-1].append(word)
        text = ""
        for stage in stages:
            text = self._stage(stage, text)
        if target is not None:
            (self.folder / target).write_text(text, encoding="utf-8")
            return ""
        return text

    def patched(self, diff: str) -> str:
        """Applies a diff to a copy of the package, which commands then use; returns the diff with line numbers."""
        if self.package is None:
            self.package = Path(tempfile.mkdtemp(dir=self.folder.parent))
            shutil.copytree(ROOT / "symcalc", self.package / "symcalc", ignore=shutil.ignore_patterns("__pycache__"))
        names = re.findall(r"^\+\+\+ b/(.*)$", diff, re.MULTILINE)
        before = {name: (self.package / name).read_text(encoding="utf-8") for name in names}
        apply(diff, self.package)
        lines: list[str] = []
        for name, text in before.items():
            after = (self.package / name).read_text(encoding="utf-8")
            old, new = text.splitlines(keepends=True), after.splitlines(keepends=True)
            lines += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", n=2)
        return "".join(line if line.strip() else "\n" for line in lines)

    def _stage(self, words: list[str], given: str) -> str:
        environment = {}
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            name, _, value = words.pop(0).partition("=")
            environment[name] = value
        command, *rest = words
        if command == "echo":
            return " ".join(str(self.code) if word == "$?" else word for word in rest) + "\n"
        if command == "cat":
            return "".join((self.folder / name).read_text(encoding="utf-8") for name in rest)
        if command == "python":
            return self._process([sys.executable, *(str(ROOT / w) if (ROOT / w).exists() else w for w in rest)], given)
        if command != "symcalc":
            raise ValueError(f"a page runs {command!r}, which nothing here runs")
        if self.package is not None:
            return self._process([sys.executable, "-m", "symcalc.app.cli", *rest], given)
        return self._symcalc(rest, given, environment)

    def _process(self, words: list[str], given: str) -> str:
        home = self.package or ROOT
        environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONUTF8": "1", "COLUMNS": "80", "MPLBACKEND": "agg"}
        done = subprocess.run(
            words, input=given, cwd=self.folder, env=environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        self.code = done.returncode
        return done.stdout

    def _symcalc(self, words: list[str], given: str, environment: Mapping[str, str]) -> str:
        from symcalc.app.cli import main

        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
        with (
            contextlib.chdir(self.folder),
            patch.dict(os.environ, {"COLUMNS": "80", **environment}),
            patch.object(sys, "stdin", stdin),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            try:
                self.code = main(words)
            except SystemExit as end:
                self.code = int(end.code or 0)
        return out.buffer.getvalue().decode()  # type: ignore[attr-defined]


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line.replace("\\\n", " "), posix=True, punctuation_chars="|>")
    lexer.whitespace_split, lexer.commenters = True, ""
    return list(lexer)


def commands(source: str) -> Iterator[tuple[str, str]]:
    """(command, what it prints) for each `$ ` line of a console fence; `\\` at its end goes on with the next."""
    command, printed = "", []
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
        parts.append("(?:.*\n)*?" if alone else re.escape(line.rstrip()).replace("…", ".*?") + " *\n")
    tidy = "".join(f"{line.rstrip()}\n" for line in came.rstrip().splitlines())
    return re.fullmatch("".join(parts), tidy) is not None


def apply(diff: str, root: Path) -> None:
    """Applies a unified diff to files below `root`; each hunk must fit in exactly one place."""
    path, old, new = None, [], []

    def place() -> None:
        if path is None or not (old or new):
            return
        text, before = path.read_text(encoding="utf-8"), "".join(old)
        if text.count(before) != 1:
            raise AssertionError(f"a diff does not fit {path.name} (found {text.count(before)} times):\n{before}")
        path.write_text(text.replace(before, "".join(new)), encoding="utf-8")

    for line in diff.splitlines(keepends=True):
        if line.startswith(("--- ", "@@")):
            place()
            old, new = [], []
        elif line.startswith("+++ "):
            path = root / line[4:].strip().removeprefix("b/")
        else:
            body = line[1:] or "\n"
            old += [body] if line[0] in " -\n" else []
            new += [body] if line[0] in " +\n" else []
    place()


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
