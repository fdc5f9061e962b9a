"""Claims about the cache of compiled code: whole files only, in a safe place, and never a reason to fail."""

from __future__ import annotations

import os
import stat
import time

import pytest

import symcalc as sc
from symcalc.compute import native
from symcalc.sources import code_cache


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(native, "_loaded", {})
    return tmp_path / "symcalc" / "native"


def walked():
    program = sc.compile(sc.differentiate(sc.parse("(x - 1)^2 + 3*(y - x)^2")))
    return sc.descend(program, {"x": 0, "y": 0}, learning_rate=0.01, steps=500, engine="native")


needs_compiler = pytest.mark.skipif(native.compiler() is None, reason="there is no C compiler")


def test_what_is_kept_is_found_again(home):
    code_cache.keep("key", b"code")

    assert b"code" == code_cache.found("key")
    assert (home / "key.so").read_bytes().startswith(b"code")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 5000])
def test_a_damaged_file_is_removed_and_not_loaded(home, content):
    code_cache.keep("key", b"code")
    (home / "key.so").write_bytes(content)

    assert code_cache.found("key") is None
    assert not (home / "key.so").exists()


def test_one_changed_byte_is_noticed(home):
    code_cache.keep("key", b"abc")
    (home / "key.so").write_bytes(b"abd" + (home / "key.so").read_bytes()[3:])

    assert code_cache.found("key") is None


def test_only_the_user_can_read_and_write_there(home):
    code_cache.keep("key", b"code")

    assert 0o700 == stat.S_IMODE(home.stat().st_mode)
    assert 0o600 == stat.S_IMODE((home / "key.so").stat().st_mode)


def test_a_folder_that_others_can_write_to_is_not_used(home):
    code_cache.keep("key", b"code")
    home.chmod(0o777)
    code_cache.keep("other", b"code")

    assert code_cache.found("key") is None
    assert ["key.so"] == [path.name for path in home.iterdir()]


def test_a_folder_that_cannot_be_made_turns_the_cache_off(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    code_cache.keep("key", b"code")

    assert code_cache.found("key") is None


def test_the_oldest_files_make_room_and_nothing_unfinished_is_left_behind(home, monkeypatch):
    monkeypatch.setattr(code_cache, "_MOST_FILES", 2)
    for k, key in enumerate("abc"):
        code_cache.keep(key, b"code")
        os.utime(home / f"{key}.so", (time.time() - 100 + k,) * 2)
    code_cache.keep("d", b"code")

    assert {"c.so", "d.so"} == {path.name for path in home.iterdir()}


@needs_compiler
def test_the_second_process_compiles_nothing(home, monkeypatch):
    first = walked()
    monkeypatch.setattr(native, "_loaded", {})
    monkeypatch.setattr(native, "_built", lambda *asked: pytest.fail("it was compiled again"))

    assert (first.point, "c") == (walked().point, first.engine)


@needs_compiler
def test_a_descent_survives_damaged_files(home, monkeypatch):
    first = walked()
    for path in home.iterdir():
        path.write_bytes(b"\x7fELF nonsense")
    monkeypatch.setattr(native, "_loaded", {})

    assert (first.point, "c") == (walked().point, first.engine)


@needs_compiler
def test_a_descent_needs_no_cache(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(native, "_loaded", {})

    assert "c" == walked().engine


def test_a_compiler_that_fails_is_no_fault(home, tmp_path, monkeypatch):
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    monkeypatch.setattr(native, "has_numba", lambda: False)

    assert native.c_loops("int x;") is None
