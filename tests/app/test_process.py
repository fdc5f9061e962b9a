"""The command as its own process: help, encodings, closed pipes, completion."""

from __future__ import annotations

import sys
import time

import pytest


@pytest.mark.parametrize("words", [["--help"], ["derive", "--help"], ["compare", "--help"], ["--version"]])
def test_help_needs_no_mathematics(process, words):
    begun = time.perf_counter()
    ran = process(*words)
    print(f"{' '.join(words)}: {time.perf_counter() - begun:.3f} s", file=sys.stderr)

    assert ran.code == 0
    assert "symcalc" in ran.out


def test_help_imports_none_of_the_large_packages():
    import subprocess

    code = (
        "import sys; from symcalc.app.cli import main; main(['derive', '--help']); main(['--help']); "
        "print([m for m in ('sympy', 'numpy', 'matplotlib', 'rich', 'lark', 'mpmath') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_help_has_examples(process):
    for words in (["derive", "--help"], ["compare", "--help"], ["predict", "--help"], ["catalogue", "-h"]):
        assert f"Examples:\n    symcalc {words[0] if words[0] != 'predict' else 'descend'}" in process(*words).out
    assert "symcalc derive rosenbrock --at x=-1.2,y=1" in process("--help").out


@pytest.mark.skipif(sys.platform == "win32", reason="the test writes its pipe for a Unix shell")
@pytest.mark.parametrize("words", [["catalogue"], ["derive", "movies"], ["derive", "movies", "--json"]])
def test_a_closed_pipe_ends_quietly(process, words):
    ran = process(*words, shell="| true")

    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_output_that_is_not_utf8_never_fails(process, encoding):
    ran = process("derive", "größe*x^2 + α", "--explain", "1", PYTHONIOENCODING=encoding)

    assert (ran.code, ran.err) == (0, "")
    assert "dL/dx" in ran.out
    assert ran.out.isascii()


def test_errors_in_ascii_never_fail(process):
    ran = process("derive", "exq(größe)", PYTHONIOENCODING="ascii")

    assert ran.code == 2
    assert "Did you mean 'exp'?" in ran.err


def test_json_is_escaped_where_the_encoding_asks_for_it(process):
    import json

    ran = process("derive", "movies", "--json", PYTHONIOENCODING="ascii")

    assert ran.out.isascii()
    assert json.loads(ran.out)["gradient"][0]["text"] == "-2·mean(x·r)"


def test_a_pipe_gets_no_colour(process):
    assert "\x1b" not in process("derive", "movies").out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_completion_script(process, shell):
    ran = process(_SYMCALC_COMPLETE=f"{shell}_source")

    assert (ran.code, ran.err) == (0, "") or "Bash" in ran.err
    assert "_SYMCALC_COMPLETE" in ran.out


def test_names_of_the_catalogue_complete_a_formula(process):
    ran = process(_SYMCALC_COMPLETE="bash_complete", COMP_WORDS="symcalc derive mov", COMP_CWORD="2")

    assert ran.out.split() == ["plain,movies", "plain,movies3"]
