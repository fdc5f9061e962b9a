"""How large a file may be to be held in memory: what lies beyond is read in blocks."""

from __future__ import annotations

import os
import re

from symcalc.errors import InputError

VARIABLE = "SYMCALC_IN_MEMORY_LIMIT"
# A CSV file takes several times its size in memory while it is read.
DEFAULT = 256_000_000
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def in_memory_limit() -> int:
    """The most bytes of a CSV file, or of the numbers of a Parquet file, that are held in memory.

    Returns:
        What the environment variable SYMCALC_IN_MEMORY_LIMIT says (`500MB`, `2GB`, bytes); 256 MB without it.

    Raises:
        InputError: It says something else.
    """
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return DEFAULT
    size = _SIZE.fullmatch(text)
    if size is None:
        raise InputError(f"{VARIABLE} is '{text}'; write bytes, or a size such as 500MB or 2GB.")
    return int(float(size[1]) * _UNITS[size[2].lower()])
