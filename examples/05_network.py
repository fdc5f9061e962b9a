"""A small network: matrices of parameters, and why it cannot start at 0."""

import numpy as np

import symcalc as sc

# 40 points on a wave, and the model: 6 hidden values tanh(x*w + a), weighed by v.
x = np.linspace(-2, 2, 40)
data = {"x": x, "y": np.sin(2 * x)}
text = """
X = [x, 1]
h = tanh(X@W)
yhat = h@v + c
mean((y - yhat)^2)
"""

# W has one row for each column of X and one column for each hidden value: only you know how many.
loss = sc.parse(text, data=data, shapes={"W": (2, 6)})
gradient = sc.differentiate(loss)
for name, formula in gradient.text.items():
    print(f"dL/d{name} = {formula}")

# With all weights at 0 the slopes in W and v are 0 by symmetry, and nothing would ever move.
# Small random numbers (always the same ones) break the symmetry, and the trace says so.
trace = sc.descend(sc.compile(gradient), optimizer="adam", learning_rate=0.02, steps=1000)
print(trace.notes[0])
print(f"loss at the start {trace.losses[0]:.4f}, at the end {trace.loss:.6f}")
