"""The same descent twice: by exact slopes and by measured ones. Where do they part, and why?"""

import symcalc as sc

# The lesson's own experiment: a line through 30 points, b moves, m = 43 is held, slopes are forward differences.
loss = sc.parse("sum((y - (m*x + b))^2)", "steplab", constants={"m": 43})
program = sc.compile(sc.differentiate(loss))
trace = sc.descend(program, {"b": 3}, learning_rate=0.01, steps=30, compare="forward", h=0.001)
side = trace.side_by_side

for found in side.first_differences(digits=6):
    print(f"step {found.step}, {found.what}: {found.exact:.6g} exact, {found.numeric:.6g} numeric")

# Every slope is off by the same 0.03. The loss bends by 2 for each of the n = 30 points, and a forward difference
# adds h/2 times the bend: 0.0005·60, which is n·h.
gap = side.why.gaps[0]
print(f"the slope is off by {gap.gap:.6f}; truncation makes {gap.leading.value:.6f} of it")

# So the measured slope is 0 where the exact one is -0.03: -0.03/60 to the side of the minimum, which is -h/2.
print(f"they end {side.apart[0]:.7f} apart; predicted {side.why.expected[0]:.7f}")
print(f"the numeric one took {side.numeric.values} values of the loss, the exact one {side.exact.gradients} gradients")
