"""Claims about the answer that a page begins with: kept between starts, made anew after any change."""

from __future__ import annotations

import pytest

from symcalc.app.web import first_answer, server
from symcalc.sources import code_cache

BEGIN = {"formula": "mean((y - m*x)^2)", "data": {"lesson": "movies"}, "kinds": {}, "values": {}}


class Empty:
    """A nursery without processes."""

    def close(self):
        pass


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def explorer(answers, begin=BEGIN):
    """An explorer whose worker gives one answer after the other; what it was asked is listed."""
    made, asked = server.Explorer(begin, Empty()), []
    made.quick.ask = lambda name, document: asked.append((name, document)) or answers[len(asked) - 1]
    return made, asked


def test_a_later_start_has_the_answer_of_an_earlier_one_without_asking():
    first, asked = explorer([{"slopes": ["−2·x̄"]}])
    later, never = explorer([])

    assert first.first() == later.first() == {"slopes": ["−2·x̄"]}
    assert (len(asked), len(never)) == (1, 0)


def test_another_beginning_is_asked_for():
    explorer([{"slopes": [1]}])[0].first()
    other, asked = explorer([{"slopes": [2]}], {**BEGIN, "data": {"lesson": "houses"}})

    assert other.first() == {"slopes": [2]}
    assert len(asked) == 1


def test_what_says_that_something_is_wrong_is_not_kept():
    error = {"error": {"reason": "This took more than 5 seconds."}}
    assert explorer([error])[0].first() == error
    assert explorer([{"slopes": []}])[0].first() == {"slopes": []}


def test_a_damaged_file_and_a_folder_that_cannot_be_written_only_cost_time(tmp_path, monkeypatch):
    explorer([{"slopes": [1]}])[0].first()
    (kept,) = (tmp_path / "cache" / "symcalc" / code_cache.ANSWERS).iterdir()
    kept.write_bytes(b"{}" + kept.read_bytes()[2:])
    assert explorer([{"slopes": [2]}])[0].first() == {"slopes": [2]}
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert explorer([{"slopes": [3]}])[0].first() == {"slopes": [3]}


def test_any_change_of_a_source_file_makes_it_anew(tmp_path, monkeypatch):
    package = tmp_path / "package"
    (package / "app" / "web").mkdir(parents=True)
    source = package / "calculus.py"
    source.write_text("a = 1\n")
    monkeypatch.setattr(first_answer, "__file__", str(package / "app" / "web" / "first_answer.py"))
    before = first_answer.key_of(BEGIN)

    assert first_answer.key_of(BEGIN) == before
    source.write_text("a = 23\n")
    changed = first_answer.key_of(BEGIN)
    (package / "new.py").write_text("")
    assert len({before, changed, first_answer.key_of(BEGIN)}) == 3


def test_compiled_code_and_answers_do_not_meet():
    code_cache.keep("key", b"code")
    code_cache.keep("key", b"answer", code_cache.ANSWERS)

    assert (code_cache.found("key"), code_cache.found("key", code_cache.ANSWERS)) == (b"code", b"answer")
