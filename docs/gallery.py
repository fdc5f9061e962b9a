"""Draws every picture of the gallery and writes its page: python docs/gallery.py"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

from symcalc.app.cli import main

HERE = Path(__file__).parent
FOLDER = HERE / "gallery"

# Title, words on what to look for, command after `symcalc plot`.
PICTURES = (
    ("Cost curve", "The tangent says where the loss goes; the diamond is where the step should land, the cross where it did.",
     "cost-curve movies --set m=1.417 --at b=70 --learning-rate 0.25 --steps 5"),
    ("Secant and tangent", "A numeric slope is a secant. It turns into the tangent as h shrinks.",
     'secant "mean((y - (1.417*x + b))^2)" --data movies --at b=70'),
    ("Data and model", "Dashed is the model before the run, full the model after it, dotted what is left over.",
     'fit "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)" --data movies --learning-rate 0.25 --steps 10'),
    ("Contour", "Levels crowd towards the minimum; white arrows point downhill.",
     "contour rosenbrock --optimizer adam --learning-rate 0.1 --steps 200"),
    ("Surface", "The same loss as a landscape.",
     "surface himmelblau --at x=0,y=0 --learning-rate 0.01 --steps 40"),
    ("Eigen-directions", "Along which way the loss bends most, and least: a ravine is long where it bends least.",
     'eigen "x^2 + 8*y^2 + 3*x*y" --parameters x,y --at x=2,y=1 --learning-rate 0.1 --steps 15'),
    ("Loss at each step", "How a run went.",
     'loss "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)" --data movies --learning-rate 0.25 --steps 15'),
    ("Learning rates", "Too small creeps, too large swings, beyond the largest stable rate it grows.",
     'rates "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2)" --data movies --steps 20'),
    ("Rows that pull", "A few rows may make most of a slope.",
     "rows movies --at m=1.417,b=70"),
    ("Terms of the loss", "Data pull one way, a penalty the other; where they are even, the run ends.",
     'terms "z = (x - mean(x))/std(x); mean((y - (m*z + b))^2) + m^2" --data movies --over m --learning-rate 0.1 --steps 20'),
    ("Basins of attraction", "Where a descent ends depends on where it begins.",
     "basins himmelblau --range x=-5..5,y=-5..5"),
    ("Error of numeric slopes", "Too large an h cuts the curve, too small an h loses digits; the exact slope has neither fault.",
     'error-curve "exp(a)" --at a=1'),
)  # fmt: skip


def draw() -> str:
    """Draws all pictures and returns the page."""
    FOLDER.mkdir(exist_ok=True)
    lines = ["# Gallery", "", "Every kind of picture that `symcalc plot` draws, each with the command that drew it.",
             "`python docs/gallery.py` draws them anew.", ""]  # fmt: skip
    for title, words, command in PICTURES:
        name = re.sub(r"\W+", "-", title.lower())
        target = FOLDER / f"{name}.png"
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = main(["plot", *shlex.split(command), "-o", str(target)])
        if code != 0:
            sys.exit(f"{title} could not be drawn")
        alt = said.getvalue().strip()
        shown = f"symcalc plot {command}"
        lines += [f"## {title}", "", words, "", f"![{alt}](gallery/{name}.png)", "", "```sh",
                  f"{shown} -o {name}.png", "```", ""]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    (HERE / "gallery.md").write_text(draw(), encoding="utf-8")
