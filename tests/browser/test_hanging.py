"""A formula that takes too long is stopped, the page says so, and the next one is answered."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from explorer_page import running, settle, slopes, typed

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no /proc to look for processes in")

# Eighty parameters in one product: nothing here is too long, too deep or too large, and it still takes minutes.
ENDLESS = "*".join(f"(a{k} + b{k}*x)" for k in range(40))
SECONDS = 3


def fields(pid):
    """What the system says of a process; None where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def spent():
    """The time on a processor of every process that this one began, by id."""
    every = {int(entry.name): fields(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    known = {pid: found for pid, found in every.items() if found is not None}
    mine = {os.getpid()}
    while more := {pid for pid, found in known.items() if int(found[1]) in mine} - mine:
        mine |= more
    return {pid: int(known[pid][11]) + int(known[pid][12]) for pid in mine}


def busy():
    """Processes of symcalc that work hard."""
    before = spent()
    time.sleep(0.5)
    worked = {pid for pid, ticks in spent().items() if ticks - before.get(pid, ticks) > 5}
    return {pid for pid in worked if b"symcalc.app.web" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def gone(pid):
    """Whether a process has ended."""
    return (fields(pid) or ["Z"])[0] == "Z"


def test_a_formula_that_hangs_is_stopped_and_the_next_one_is_answered(visit):
    with running("--seconds", str(SECONDS)) as address:
        page, _, faults = visit(address)
        page.wait_for_selector(".bench caption")
        settle(page)
        before = slopes(page)
        page.fill("#formula", ENDLESS)
        page.wait_for_timeout(500)
        working = busy()
        assert len(working) == 1
        page.wait_for_selector("#fault:not([hidden])")

        assert page.inner_text("#fault") == "This took more than 3 seconds and was stopped: simplify the formula."
        # What was good stays.
        assert slopes(page) == before
        settle(page)
        assert all(gone(pid) for pid in working)
        typed(page, "mean((y - (m*x + b))^4)")
        assert slopes(page) == ["∂L/∂m = -4·mean(x·r^3)", "∂L/∂b = -4·mean(r^3)"]
        assert page.locator("#fault").is_hidden()
        assert faults == []
