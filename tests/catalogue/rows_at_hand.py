"""Rows of the catalogue compiled over their examples, and points to try them at."""

from __future__ import annotations

from functools import cache

import numpy as np

import symcalc as sc
from symcalc.catalogue.losses import LOSSES
from symcalc.catalogue.models import MODELS
from symcalc.catalogue.surfaces import SURFACES

ROWS = {**LOSSES, **MODELS, **SURFACES}


@cache
def gradient(name):
    """The gradient of a row over its example."""
    row = ROWS[name]
    example = {column: np.array(values, float) for column, values in row.example.items()}
    return sc.differentiate(sc.parse(row.text, example or None, constants=row.constants, parameters=row.parameters))


@cache
def program(name):
    """A row compiled over its example."""
    return sc.compile(gradient(name))


def flat(name, point):
    """A point of a row as one vector."""
    layout = program(name).layout
    return layout.joined({n: np.asarray(point.get(n, np.zeros(s)), float) for n, s in layout.shapes.items()})


def points(name, count, seed):
    """Random points around a row's start, each number moved by up to 0.4 of itself, or of 1 where it is 0."""
    start = flat(name, ROWS[name].start)
    draw = np.random.default_rng(seed)
    for _ in range(count):
        yield start + 0.4 * draw.uniform(-1, 1, start.shape) * np.where(start == 0, 1, np.abs(start))
