"""Surfaces: test functions with known minima, one row of text each."""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.rows import Row
from symcalc.catalogue.surfaces_bowls import BOWLS
from symcalc.catalogue.surfaces_hollows import HOLLOWS
from symcalc.catalogue.surfaces_many import MANY
from symcalc.catalogue.surfaces_ripples import RIPPLES
from symcalc.catalogue.surfaces_valleys import VALLEYS

SURFACES: Mapping[str, Row] = {**BOWLS, **VALLEYS, **HOLLOWS, **RIPPLES, **MANY}
