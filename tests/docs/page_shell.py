"""The few commands that pages of the documentation show, run in a folder of their own."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]


class Shell:
    """Runs the few commands that pages show, in a folder of their own.

    Args:
        folder: Where files are written; commands run there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.code = folder, 0
        self.package: Path | None = None

    def run(self, line: str) -> str:
        """What one line prints, standard output and standard error together."""
        if re.search(r"\"[^\"]*[`$][^\"]*\"", line):
            raise ValueError(f"a shell would put something else for ` or $ between double quotes: {line}")
        words, target = _words(line), None
        stages: list[list[str]] = [[]]
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
        return out.buffer.getvalue().decode()


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line.replace("\\\n", " "), posix=True, punctuation_chars="|>")
    lexer.whitespace_split, lexer.commenters = True, ""
    return list(lexer)


def apply(diff: str, root: Path) -> None:
    """Applies a unified diff to files below `root`; each hunk must fit in exactly one place."""
    path: Path | None = None
    old: list[str] = []
    new: list[str] = []

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
