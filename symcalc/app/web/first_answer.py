"""The answer to what a page begins with, kept between two starts: it is there before SymPy is imported.

It is kept under what it was made from: the question, every source file of symcalc, and where SymPy and the writer of
MathML are. After a change of any of these it is made anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

from symcalc.sources import code_cache

Document = dict[str, Any]
_PACKAGES = ("sympy", "latex2mathml")


def key_of(begin: Document) -> str:
    """What the answer to a beginning is kept under."""
    package = Path(__file__).parents[2]
    seen = [(str(path.relative_to(package)), path.stat()) for path in sorted(package.rglob("*.py"))]
    parts = [json.dumps(begin, sort_keys=True), *(f"{name} {s.st_size} {s.st_mtime_ns}" for name, s in seen)]
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        place = Path("" if spec is None else spec.origin or "")
        parts.append(f"{name} {place} {place.stat().st_mtime_ns if place.is_file() else 0}")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def found(key: str) -> Document | None:
    """The answer kept under a key; None where there is none."""
    content = code_cache.found(key, code_cache.ANSWERS)
    if content is None:
        return None
    answer: Document = json.loads(content)
    return answer


def keep(key: str, answer: Document) -> None:
    """Keeps an answer; one that says what is wrong is asked for again."""
    if "error" not in answer:
        code_cache.keep(key, json.dumps(answer).encode(), code_cache.ANSWERS)
