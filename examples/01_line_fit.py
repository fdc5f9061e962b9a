"""Fit a line to five films: one loss, its exact gradient, and a walk down it."""

import symcalc as sc

# `movies` is a table that comes with symcalc: x is a film's budget, y its revenue.
# z puts the budgets on a scale of mean 0 and spread 1. Without it the loss is a ravine:
# it bends half a million times harder across than along, and no learning rate suits both.
loss = sc.parse("z = (x - mean(x))/std(x);  mean((y - (m*z + b))^2)", data="movies")

# The gradient is derived, not measured: it is a formula, and it is checked.
gradient = sc.differentiate(loss)
for name, formula in gradient.text.items():
    print(f"dL/d{name} = {formula}")
print("checked:", gradient.verdict.sentence)

# Walk: at each step, every parameter moves against its slope.
trace = sc.descend(sc.compile(gradient), start={"m": 0, "b": 0}, learning_rate=0.25, steps=30)

# The first step, in numbers. The loss is a square, so slope and bend together predict the change exactly.
first = trace.steps[0]
print(f"step 0: predicted {first.predicted_change:.1f}, came {first.actual_change:.1f}")
print(f"step {trace.steps[-1].index}: m = {trace.point['m']:.3f}, b = {trace.point['b']:.0f}, loss {trace.loss:.2f}")
