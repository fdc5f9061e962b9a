"""Losses: how wrong a prediction is, one row of text each.

A loss for numbers compares `yhat` with `y`; one for classes is written in the score z, whose sign is the
class, or in the probability p of class 1. Classes are t = 0 or 1, or y = -1 or 1, as the row says.
The model in front of each is a line or a plane; the same loss with another model works as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.losses_classification import CLASSIFICATION
from symcalc.catalogue.losses_comparison import COMPARISON
from symcalc.catalogue.losses_likelihood import LIKELIHOODS
from symcalc.catalogue.losses_penalized import PENALIZED
from symcalc.catalogue.losses_regression import REGRESSION
from symcalc.catalogue.losses_robust import ROBUST
from symcalc.catalogue.losses_structure import STRUCTURE
from symcalc.catalogue.rows import Row

LOSSES: Mapping[str, Row] = {
    **REGRESSION,
    **ROBUST,
    **PENALIZED,
    **CLASSIFICATION,
    **LIKELIHOODS,
    **COMPARISON,
    **STRUCTURE,
}
