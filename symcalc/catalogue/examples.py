"""Small tables that rows of the catalogue are tried on: column name → values, one row a position.

They are made so that some minima can be worked out by hand; what is special about each stands beside it.
"""

from __future__ import annotations

from symcalc.catalogue.rows import Numbers

_X = (-3, -2, -1, 0, 1, 2, 3)

# The line 2*x + 1, moved by +3, 0, -3, 0, -3, 0, +3. The moves and their products with x add up to 0, also
# after any odd function, so m = 2, b = 1 is flat for every loss that treats both signs alike.
SPREAD: Numbers = {"x": _X, "y": (-2, -3, -4, 1, 0, 5, 10)}

# Weights with which the moves of SPREAD still add up to 0.
WEIGHTED: Numbers = {**SPREAD, "t": (2, 1, 2, 3, 2, 1, 2)}

# Above 0, growing by about half with every step of x.
POSITIVE: Numbers = {"x": _X, "y": (0.5, 0.3, 1.2, 1.1, 1.3, 3.4, 4.1)}

COUNTS: Numbers = {"x": _X, "y": (0, 1, 0, 1, 3, 2, 6)}

# Two classes that overlap, so that no loss can be driven to its lowest by endless weights.
CLASSES: Numbers = {"x": _X, "t": (0, 0, 1, 0, 1, 0, 1)}
SIGNS: Numbers = {"x": _X, "y": (-1, -1, 1, -1, 1, -1, 1)}
RATINGS: Numbers = {"x": _X, "y": (0, 0, 1, 0, 2, 1, 2)}

# A square of corners, twice: the columns of X are orthogonal to each other, to 1 and to their product. With
# a and b for them, y = 2 + 3*a + 0.05*b ± 0.5*a*b, so each weight of a penalized fit has a formula of its own.
CORNERS: Numbers = {
    "X": ((-1, -1), (-1, 1), (1, -1), (1, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)),
    "y": (-0.55, -1.45, 4.45, 5.55, -1.55, -0.45, 5.45, 4.55),
}

# A square of nine places, each of three classes at three of them, so that no plane parts any two classes; Y
# holds a 1 in the column of the row's class.
THREE_CLASSES: Numbers = {
    "X": ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1)),
    "Y": (
        (0, 1, 0), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 0, 0), (1, 0, 0), (0, 1, 0),
    ),
}  # fmt: skip

# Points in the plane whose columns are centered.
POINTS: Numbers = {"X": ((2, 1), (1, 1.5), (-1, 0), (-2, -1.5), (1.5, 0), (-1.5, -1))}

# Six items seen twice (X, X1) and an unlike one for each (X2); t is 1 for the pairs that belong together.
VIEWS: Numbers = {
    "X": ((1, 0.2), (-0.5, 1), (0.3, -1.1), (-1, -0.4), (0.8, 0.9), (-0.2, 0.6)),
    "X1": ((0.9, 0.4), (-0.6, 0.8), (0.5, -1), (-1.1, -0.1), (0.6, 1), (0.1, 0.7)),
    "X2": ((-0.7, 0.5), (0.9, -0.3), (-0.2, 1), (0.8, 0.6), (-0.9, 0.1), (0.4, -1)),
    "t": (1, 1, 0, 1, 0, 1),
}

# A row a game: 1 for the winner, -1 for the loser. Everyone has won and lost against everyone else's rivals.
GAMES: Numbers = {
    "X": ((1, -1, 0), (1, -1, 0), (-1, 1, 0), (0, 1, -1), (0, 1, -1), (0, -1, 1), (1, 0, -1), (1, 0, -1), (-1, 0, 1)),
}

# Shares that add up to 1, doubling with every step of x.
SHARES: Numbers = {"x": (0, 1, 2), "t": (1 / 7, 2 / 7, 4 / 7)}

# x, the time t a subject was watched, and y = 1 where the event came, 0 where watching ended first.
SURVIVAL: Numbers = {"x": (0.5, -1, 1.5, 0, -0.5, 1, -1.5), "t": (2, 9, 1, 4, 6, 5, 8), "y": (1, 0, 1, 1, 0, 1, 1)}

# Measured tables whose fitted values are published.
PUROMYCIN: Numbers = {
    "x": (0.02, 0.02, 0.06, 0.06, 0.11, 0.11, 0.22, 0.22, 0.56, 0.56, 1.1, 1.1),
    "y": (76, 47, 97, 107, 123, 139, 159, 152, 191, 201, 207, 200),
}
OXYGEN: Numbers = {"x": (1, 2, 3, 4, 5, 7), "y": (8.3, 10.3, 19, 16, 15.6, 19.8)}

# Made, with two decimals, for curves of other kinds.
GROWTH: Numbers = {"x": (0, 1, 2, 3, 4, 5, 6, 7), "y": (0.52, 1.1, 2.45, 4.31, 6.72, 8.36, 9.24, 9.71)}
DECAY: Numbers = {"x": (0, 1, 2, 3, 4, 5, 6, 8), "y": (5.1, 3.55, 2.7, 2.01, 1.62, 1.49, 1.22, 1.11)}
WAVE: Numbers = {"x": (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4), "y": (1.4, 2.5, 2.9, 2.4, 1.3, 0.1, -0.8, -1, -0.3)}
PEAKS: Numbers = {
    "x": (-3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3),
    "y": (0.05, 0.34, 1.18, 1.95, 1.23, 0.42, 0.31, 1.15, 2.47, 3.02, 2.05, 0.81, 0.17),
}
CURVE: Numbers = {"x": _X, "y": (-8.1, -3.2, -0.4, 1.1, 0.7, 1.9, 6.2)}
