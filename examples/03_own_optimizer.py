"""An optimizer is a few lines of text: compare three on a curved valley, one of them your own."""

import symcalc as sc

# Rosenbrock's valley: easy to reach, slow to follow. Both names are parameters, so both are declared.
loss = sc.parse("(1 - x)^2 + 100*(y - x^2)^2", parameters=["x", "y"])
program = sc.compile(sc.differentiate(loss))
start = {"x": -1.2, "y": 1}

# Lines run from top to bottom. `velocity` is read before it is set, so it is kept between steps, from 0.
# Dividing by the length of the slope makes every push equally long, however steep the valley is.
own = """
push = gradient/(1 + abs(gradient))
velocity = 0.9*velocity + push
point = point - learning_rate*velocity
"""

for optimizer in ("gradient-descent", "adam", own):
    trace = sc.descend(program, start=start, optimizer=optimizer, learning_rate=0.001, steps=5000)
    print(f"{trace.optimizer.name:<17} loss {trace.loss:.2e} at x = {trace.point['x']:.4f}, y = {trace.point['y']:.4f}")
