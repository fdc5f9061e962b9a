"""What a large file takes is told on standard error; how far its reading has come, on a terminal only."""

from __future__ import annotations

import pytest

from symcalc.app import loading
from symcalc.app.cli import main
from symcalc.app.loading import Loading, size
from symcalc.sources.watching import Reading


def test_a_command_tells_what_a_large_file_takes_on_the_disk(tmp_path, monkeypatch, capsys):
    (tmp_path / "t.csv").write_text("x,y,other\n" + "1,2,3\n2,3,4\n" * 500)
    monkeypatch.setenv("SYMCALC_IN_MEMORY_LIMIT", "1kB")

    code = main(["derive", "mean((y - m*x)^2)", "--data", str(tmp_path / "t.csv"), "--at", "m=1"])

    came = capsys.readouterr()
    assert code == 0
    assert "t.csv was read in blocks: 2 columns of 1,000 rows, 16 kB on the disk in " in came.err
    assert "reading" not in came.err
    assert "read in blocks" not in came.out


def test_a_terminal_sees_rate_and_remaining_time_and_the_line_goes(monkeypatch, capsys):
    clock = iter([0.0, 2.0, 4.0])
    monkeypatch.setattr(loading.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show = Loading()

    show(Reading("t.csv", 2, 100, 0.1, 1600, "/private"))
    show(Reading("t.csv", 2, 500, 0.5, 8000, "/private"))
    show(Reading("t.csv", 2, 1000, 1.0, 16000, "/private", True))

    lines = capsys.readouterr().err.split("\r")
    # From 100 rows and 10 % on, 400 rows and 40 % took 2 s: 200 rows a second, and 50 % more take 2.5 s.
    assert lines[1].strip() == "reading t.csv: 50%, 500 rows, 200 rows/s, about 2 s left"
    assert lines[2].strip() == ""
    assert lines[3].startswith("symcalc: t.csv was read in blocks: 2 columns of 1,000 rows, 16 kB")


@pytest.mark.parametrize(("count", "text"), [(12, "12 bytes"), (1600, "1.6 kB"), (48e6, "48 MB"), (2.5e9, "2.5 GB")])
def test_bytes_are_told_in_a_unit_that_suits(count, text):
    assert size(count) == text
