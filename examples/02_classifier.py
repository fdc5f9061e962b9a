"""Learn from hours of study who passes: a loss for classes, and what its slope says."""

import symcalc as sc

# s is the score: the log odds of passing. t is 0 or 1. This loss is the cross-entropy of t and p.
text = "s = w*x + c;  p = 1/(1 + exp(-s));  mean(log(1 + exp(s)) - t*s)"
loss = sc.parse(text, data="passfail")

# The slope comes out as (what was predicted - what happened), times x, on average.
gradient = sc.differentiate(loss)
print("dL/dw =", gradient.text["w"])
print("dL/dc =", gradient.text["c"])

# At w = 0, c = 0 every chance is 1/2. Without a learning rate each step looks for its own:
# it starts from 1 and halves until the loss falls enough.
program = sc.compile(gradient)
trace = sc.descend(program, start={"w": 0, "c": 0}, steps=200)
for note in trace.notes:
    print(note)
print(f"w = {trace.point['w']:.3f}, c = {trace.point['c']:.3f}, loss {trace.loss:.6f}")

# p is a definition of the formula, so it can be worked out for new students.
hours = [1, 2.5, 4]
chances = program.predict(trace.point, {"x": hours}, name="p")
for hour, chance in zip(hours, chances, strict=True):
    print(f"{hour:>4} hours: {chance:.0%}")
