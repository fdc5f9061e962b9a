"""A slope can be measured instead of derived. How good is that, and what does it cost?"""

import symcalc as sc

loss = sc.parse("mean((y - a*exp(-b*x))^2)", data={"x": [0, 1, 2, 3], "y": [3, 1.8, 1.1, 0.7]})
program = sc.compile(sc.differentiate(loss))
point = {"a": 2.0, "b": 0.3}

# Each method moves a parameter by a step h and looks at the loss. The error has two parts:
# too large a step does not see the slope *here*, too small a step drowns in round-off.
for row in sc.compare(program, at=point).rows:
    # A difference of floats has its own round-off, so the 40-digit reference is subtracted.
    off = abs(row.numeric - float(row.reference))
    print(f"{row.method:<13} dL/d{row.parameter}  step {row.step:.0e}  off by {off:.0e}  {row.evaluations} evaluations")

# The two parts, one after the other: a forward difference in b, with smaller and smaller steps.
for exponent in (2, 5, 8, 11, 14):
    row = sc.compare(program, at=point, methods="forward", h=10.0**-exponent).rows[1]
    print(f"h = 1e-{exponent:<2}  off by {abs(row.error):.0e}")
