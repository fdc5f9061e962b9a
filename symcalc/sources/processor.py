"""What the processor of this machine can do, as its system tells."""

from __future__ import annotations

from pathlib import Path


def processor_flags() -> tuple[str, ...]:
    """The abilities of the processor in the system's own words; () where it does not tell."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    wanted = ("flags", "features", "model name", "isa")
    lines = (line.partition(":") for line in text.splitlines())
    return tuple(dict.fromkeys(value.strip() for word, _, value in lines if word.strip().lower() in wanted))
