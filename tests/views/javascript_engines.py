"""What runs JavaScript on this machine: Node.js, and Chromium without a window."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

SWITCHES = ("--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run")
_PAGE = """<!doctype html><meta charset="utf-8"><pre id="said"></pre><script>
const said = [];
console.log = words => said.push(words);
try {{ (() => {{ {source} }})(); }} catch (fault) {{ said.push("fault: " + fault); }}
document.getElementById("said").textContent = said.join("\\n");
</script>"""


def node(source: str) -> str:
    """What a script prints in Node.js."""
    done = subprocess.run(["node", "-"], input=source, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def chromium(source: str) -> str:
    """What a script prints in Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE.format(source=source.replace("</script", "<\\/script")), encoding="utf-8")
        command = ["chromium", *SWITCHES, f"--user-data-dir={folder}/profile", "--dump-dom", page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    found = re.search(r'<pre id="said">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found is not None, done.stderr[-2000:]
    said = html.unescape(found[1])
    assert not said.startswith("fault: "), said
    return said


ENGINES: dict[str, Callable[[str], str]] = {
    name: engine for name, engine in (("node", node), ("chromium", chromium)) if shutil.which(name)
}
