"""Train on the films you know, predict the ones to come."""

import tempfile
from pathlib import Path

import symcalc as sc

with tempfile.TemporaryDirectory() as folder:
    films = Path(folder) / "films.csv"
    films.write_text("budget,revenue\n100,275\n200,300\n250,550\n325,525\n400,700\n")

    # Names of columns are names in the formula; every other name is a parameter.
    text = "z = (budget - mean(budget))/std(budget);  mean((revenue - (m*z + b))^2)"
    program = sc.compile(sc.differentiate(sc.parse(text, data=films)))
    trace = sc.descend(program, learning_rate=0.25, steps=60)
    print(trace.message)

# mean(budget) and std(budget) stay those of the films trained on: a single new film has no spread.
# Nothing says what to predict: the loss compares revenue with m*z + b, so that is what comes out.
budgets = [300, 500]
for budget, revenue in zip(budgets, program.predict(trace.point, {"budget": budgets}), strict=True):
    print(f"budget {budget}: revenue {revenue:.2f}")
