"""`symcalc explore` ends at once on Ctrl-C, and leaves no process behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="there is no /proc to look for processes in")


def fields(pid):
    """State and parent of a process, and what follows; None where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def descendants(pid):
    """Processes below one, itself left out."""
    every = {int(entry.name): fields(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    parents = {one: int(found[1]) for one, found in every.items() if found is not None}
    found, waiting = [], [pid]
    while waiting:
        above = waiting.pop()
        below = [child for child, parent in parents.items() if parent == above]
        found += below
        waiting += below
    return found


def alive(pids):
    """Those that still run; a zombie does not."""
    return [pid for pid in pids if (fields(pid) or ["Z"])[0] != "Z"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("asked", [True, False], ids=["after an answer", "while it starts"])
def test_it_ends_with_all_its_processes(sign, asked):
    command = [sys.executable, "-m", "symcalc", "explore", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        address = next(word for word in process.stderr.readline().split() if word.startswith("http"))
        if asked:
            body = json.dumps({"formula": "x^2"}).encode()
            headers = {"content-type": "application/json", "origin": address.rstrip("/")}
            with urlopen(Request(f"{address}ask/derive", body, headers)) as answer:
                assert json.load(answer)["slopes"]
        below = descendants(process.pid)
        # A terminal sends Ctrl-C to every process of the group.
        os.killpg(process.pid, sign) if sign == signal.SIGINT else process.send_signal(sign)
        process.wait(20)
        said = process.stderr.read()

    for _ in range(200):
        if not alive(below):
            break
        time.sleep(0.05)
    assert alive(below) == []
    assert "Traceback" not in said
