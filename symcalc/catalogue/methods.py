"""Methods: optimizers whose lines read more than the gradient, one row of statements each.

What a row lists as `given` is worked out at every step by the part of `symcalc.descent` that `descent/methods.py`
names for it: a direction from the Hessian, the slopes of a batch. The lines themselves read as those of
`catalogue/optimizers.py` do, and are printed with numbers put in like them.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.rows import Row

METHODS: Mapping[str, Row] = {
    "sgd": Row(
        formula="point = point - learning_rate*gradient",
        about="Gradient descent on a few rows at a time: 32 unless a batch size is given, drawn anew each epoch.",
        learning_rate=0.01,
        source="Robbins and Monro (1951), Annals of Mathematical Statistics 22(3), 400-407",
    ),
    "coordinate-descent": Row(
        formula="point = point - learning_rate*chosen*gradient/bend",
        about="One parameter at a time, in turn: chosen is 1 for it, bend is how the loss bends along it.",
        given=("chosen", "bend"),
        source="Wright (2015), Mathematical Programming 151(1), 3-34",
    ),
    "polyak": Row(
        formula="rate = (loss - lowest)/dot(gradient, gradient);  point = point - rate*gradient",
        about="The step that would reach the lowest value if the loss were its slope; give it as lowest.",
        constants={"lowest": 0.0},
        given=("loss",),
        source="Polyak (1969), USSR Computational Mathematics and Mathematical Physics 9(3), 14-29",
    ),
    "barzilai-borwein": Row(
        formula="moved = point - last_point;  turned = gradient - last_gradient;  "
        "rate = where(t <= 1, learning_rate, abs(dot(moved, turned))/max(dot(turned, turned), 1e-300));  "
        "last_point = point;  last_gradient = gradient;  point = point - rate*gradient",
        about="The rate is one over the bend met on the last step (the short form); learning_rate is that of the first one.",
        learning_rate=0.001,
        source="Barzilai and Borwein (1988), IMA Journal of Numerical Analysis 8(1), 141-148",
    ),
    "proximal-gradient": Row(
        formula="ahead = point - learning_rate*smooth;  point = sign(ahead)*max(abs(ahead) - learning_rate*weight, 0)",
        about="A step down the smooth part, then each |parameter| in the loss pulls it towards 0 by rate times weight.",
        given=("smooth", "weight"),
        source="Daubechies, Defrise and De Mol (2004), Communications on Pure and Applied Mathematics 57(11), 1413-1457",
    ),
    "newton": Row(
        formula="point = point + learning_rate*direction",
        about="direction solves H·direction = -gradient with the exact Hessian, turned downhill where H bends down.",
        given=("direction",),
        source="Nocedal and Wright (2006), Numerical Optimization, section 3.4",
    ),
    "gauss-newton": Row(
        formula="point = point + learning_rate*direction",
        about="direction solves the least squares min |J·direction + r| for a loss that is a sum of squares Σr².",
        given=("direction",),
        source="Nocedal and Wright (2006), Numerical Optimization, section 10.3",
    ),
    "l-bfgs": Row(
        formula="point = point + learning_rate*direction",
        about="direction is Newton's, with the bend learned from the last ten steps instead of the Hessian.",
        constants={"memory": 10},
        given=("direction",),
        source="Liu and Nocedal (1989), Mathematical Programming 45(1), 503-528",
    ),
    "levenberg-marquardt": Row(
        formula="point = point + direction",
        about="direction solves min |J·direction + r|² + damping·|D·direction|², curved by geodesic acceleration.",
        given=("direction",),
        source="Transtrum and Sethna (2012), arXiv:1201.5885; Moré (1978), Lecture Notes in Mathematics 630, 105-116",
    ),
    "trust-region": Row(
        formula="point = point + direction",
        about="direction is the lowest point of the quadratic model with the exact Hessian within a radius.",
        given=("direction",),
        source="Moré and Sorensen (1983), SIAM Journal on Scientific and Statistical Computing 4(3), 553-572",
    ),
}
