"""Lessons: small tables and the stories of the models that learn them.

A story runs collect → explore → train (once for each lever) → predict. Figures that a sentence states are
true of the table; everything else a screen shows is computed when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcalc.catalogue.story import Lesson, Lever
from symcalc.catalogue.tables import HOUSES, MOVIES, MOVIES3, PASSFAIL, STEPLAB

LINE = "yhat = m*x + b"
LINE_LOSS = "mean((y - (m*x + b))^2)"
SCALED_LINE_LOSS = "z = (x - mean(x))/std(x);  mean((y - (m*z + b))^2)"
OWN_DATA = (
    'symcalc descend "mean(abs(y - (m*x + b)))" --data your.csv',
    "your own data, another loss",
)

_LESSONS = (
    Lesson(
        name="movies",
        about="Five films: a line from budget to revenue.",
        columns=MOVIES,
        labels={"x": "budget", "y": "revenue"},
        source="the public gradient-descent lessons of Flatiron School",
        model=LINE,
        loss=LINE_LOSS,
        explore="y rises with x (correlation 0.92): try the line yhat = m*x + b",
        meaning="how wrong the line is; 0 = perfect",
        levers=(
            Lever(
                title="one lever: b moves, m = 1.417 is held",
                formula=LINE_LOSS,
                held={"m": 1.417},
                start={"b": 70},
                learning_rate=0.25,
                steps=5,
                after=(
                    "Each step halves the way left (1 - 0.25·2): the bend d²L/db² = 2 says so.",
                    "The numeric slope uses h = 0.001, so it is off by h/2·2 = 0.001 every time.",
                ),
            ),
            Lever(
                title="both levers: m and b move, from m = 0, b = 0",
                formula=SCALED_LINE_LOSS,
                start={"m": 0, "b": 0},
                learning_rate=0.25,
                steps=30,
                before=(
                    "Raw budgets make a ravine: it bends 539,554 times harder across than along;",
                    "100,000 steps are too few. Rescaled, a round bowl: z = (x - mean(x))/std(x)",
                ),
            ),
        ),
        predict={"x": 300},
        predict_words="a film with budget 300",
        predict_label="revenue",
        next=(
            ("symcalc derive movies --explain 1", "why each formula is what it is"),
            ("symcalc descend passfail", "another model, another loss"),
            OWN_DATA,
        ),
    ),
    Lesson(
        name="movies3",
        about="Three films: a line that comes out in whole numbers, m = 3/2 and b = 75.",
        columns=MOVIES3,
        labels={"x": "budget", "y": "revenue"},
        source="the public gradient-descent lessons of Flatiron School",
        model=LINE,
        loss=LINE_LOSS,
        explore="y rises with x (correlation 0.96): try the line yhat = m*x + b",
        meaning="how wrong the line is; 0 = perfect",
        levers=(
            Lever(
                title="one lever: m moves, b = 133.33 is held",
                formula="sum((y - (m*x + b))^2)",
                held={"b": 133.33},
                start={"m": 0},
                learning_rate=0.000001,
                steps=11,
                h=0.0001,
                before=("A sum over rows, not a mean: its slopes are 3 times larger, its rate smaller.",),
                after=(
                    "Each step leaves 58 % of the way (1 - 0.000001·420000): the bend is 420000.",
                    "The numeric slope uses h = 0.0001, so it is off by h/2·420000 = 21 every time.",
                ),
            ),
            Lever(
                title="both levers: m and b move, from m = 0, b = 0",
                formula=SCALED_LINE_LOSS,
                start={"m": 0, "b": 0},
                learning_rate=0.25,
                steps=30,
                before=(
                    "Raw budgets make a ravine: it bends 315,007 times harder across than along.",
                    "Rescaled, a round bowl: z = (x - mean(x))/std(x)",
                ),
            ),
        ),
        predict={"x": 300},
        predict_words="a film with budget 300",
        predict_label="revenue",
        next=(
            ("symcalc descend movies", "the same with five films"),
            ("symcalc derive movies3 --at m=1.5,b=75", "both slopes are 0 at the minimum"),
            OWN_DATA,
        ),
    ),
    Lesson(
        name="steplab",
        about="Thirty made points around the line 50*x + 3: how far a step may go.",
        columns=STEPLAB,
        labels={"x": "input", "y": "output"},
        source="made: numpy.random.seed(225); x = rand(30, 1).reshape(30); y = 3 + 50*x + normal(0, 3, 30)",
        model=LINE,
        loss="sum((y - (m*x + b))^2)",
        explore="y rises with x (correlation 0.98): try the line yhat = m*x + b",
        meaning="how wrong the line is, summed over rows; 0 = perfect",
        levers=(
            Lever(
                title="one lever: b moves, m = 43 is held",
                formula="sum((y - (m*x + b))^2)",
                held={"m": 43},
                start={"b": 3},
                learning_rate=0.01,
                steps=5,
                after=(
                    "Each step leaves 40 % of the way (1 - 0.01·60): the bend d²L/db² = 60 says so.",
                    "The numeric slope uses h = 0.001, so it is off by h/2·60 = 0.03 every time.",
                ),
            ),
            Lever(
                title="both levers: m and b move, from m = 43, b = 12",
                formula="sum((y - (m*x + b))^2)",
                start={"m": 43, "b": 12},
                learning_rate=0.024,
                steps=200,
                before=(
                    "x lies between 0 and 1, so this bowl is no ravine: it bends 20 times harder",
                    "across than along. A rate above 0.0253 climbs out of it; try 0.026.",
                ),
            ),
        ),
        predict={"x": 0.5},
        predict_words="an input of 0.5",
        predict_label="output",
        next=(
            ("symcalc descend steplab --learning-rate 0.026", "a rate too large, and what is said of it"),
            ("symcalc derive steplab --hessian", "the bends that set the largest rate"),
            OWN_DATA,
        ),
    ),
    Lesson(
        name="passfail",
        about="Six students: the chance to pass from the hours of study.",
        columns=PASSFAIL,
        labels={"x": "hours", "t": "passed"},
        source="made for this lesson",
        model="p = 1/(1 + exp(-(w*x + c)))",
        loss="mean(log(1 + exp(w*x + c)) - t*(w*x + c))",
        explore="t turns from 0 to 1 as x grows: try the curve p = 1/(1 + exp(-(w*x + c)))",
        meaning="how surprised the curve is; 0 = sure and right",
        levers=(
            Lever(
                title="one lever: c moves, w = 2 is held",
                formula="mean(log(1 + exp(w*x + c)) - t*(w*x + c))",
                held={"w": 2},
                start={"c": 0},
                learning_rate=2,
                steps=20,
                after=("The bend changes along the way, so the steps do not shrink evenly.",),
            ),
            Lever(
                title="both levers: w and c move, from w = 0, c = 0",
                formula="z = (x - mean(x))/std(x);  s = w*z + c;  p = 1/(1 + exp(-s));  mean(log(1 + exp(s)) - t*s)",
                start={"w": 0, "c": 0},
                learning_rate=4,
                steps=60,
                before=(
                    "At w = 0, c = 0 every chance is 1/2 and the loss is log(2) = 0.693147.",
                    "Rescaled hours let both levers move at a like pace: z = (x - mean(x))/std(x)",
                ),
            ),
        ),
        predict={"x": 2.5},
        predict_words="a student with 2.5 hours",
        predict_label="chance to pass",
        predict_name="p",
        next=(
            ("symcalc derive passfail --explain 1", "why the slope is mean((p - t)*x)"),
            ("symcalc descend houses", "four columns at once"),
            OWN_DATA,
        ),
    ),
    Lesson(
        name="houses",
        about="Sixty made houses: a price from four columns.",
        columns=HOUSES,
        labels={
            "area": "square meters",
            "rooms": "rooms",
            "age": "years",
            "distance": "km to the center",
            "price": "thousands",
        },
        source="made: the recipe stands beside the table",
        model="yhat = [area, rooms, age, distance]@w + b",
        loss="X = [area, rooms, age, distance];  mean((price - (X@w + b))^2)",
        explore="price rises with area (correlation 0.92): try a weight for each of four columns",
        meaning="how wrong the prices are; 0 = perfect",
        levers=(
            Lever(
                title="five levers: four weights w and b move, from 0",
                formula="z1 = (area - mean(area))/std(area);  z2 = (rooms - mean(rooms))/std(rooms);  "
                "z3 = (age - mean(age))/std(age);  z4 = (distance - mean(distance))/std(distance);  "
                "Z = [z1, z2, z3, z4];  mean((price - (Z@w + b))^2)",
                start={"w": 0, "b": 0},
                learning_rate=0.25,
                steps=100,
                before=("Columns of unlike size make a ravine; each is rescaled to mean 0, spread 1.",),
                after=("Area and rooms rise together, so their weights are the last to settle.",),
            ),
        ),
        predict={"area": 100, "rooms": 4, "age": 20, "distance": 5},
        predict_words="a house of 100 square meters, 4 rooms, 20 years, 5 km out",
        predict_label="price",
        next=(
            ("symcalc derive houses --explain 1", "one formula for all four weights"),
            ("symcalc catalogue", "all losses, surfaces and optimizers"),
            OWN_DATA,
        ),
    ),
)

LESSONS: Mapping[str, Lesson] = {lesson.name: lesson for lesson in _LESSONS}
