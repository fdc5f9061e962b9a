"""What people get wrong when they differentiate: one row of text a mistake.

A row takes a rule of `rules.py` (or the slope of one function) and says what is written in its place. Deriving with
the row instead of the rule gives the answer that the mistake leads to, so a wrong answer is explained by finding
the row that gives it. Adding a mistake is adding a row.

In `says`, {place} is the part of the formula where it happened, {inside} what the rule was applied to there,
{first} and {second} the parts of a sum, product or quotient, {c} a factor, {p} an exponent, {f} a function and {name}
the parameter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """One mistake in one rule.

    Attributes:
        name: What it is called, in the field's words.
        rule: The rule of `rules.RULES` that it changes, or the function of `rules.SLOPES`.
        change: What is written instead, in the words of `rules.py`; for a function the whole change.
        says: What went wrong and how to repair it, for the person who did it.
    """

    name: str
    rule: str
    change: str
    says: str


_INNER = (
    "In {place} the derivative of the inside {inside} is missing. The chain rule multiplies the slope of the outside "
    "by the slope of the inside: d{inside}/d{name}."
)
_PLACE = (
    "In {place} the slope of the outside was taken at the wrong place. The chain rule takes it at the inside "
    "{inside}, and then multiplies by d{inside}/d{name}."
)
_TWO = "(uv)' = u'v + uv', so both {first} and {second} must be differentiated in turn while the other stays."
_ONE_OVER = "(u/v)' = (u'v - uv')/v^2, with u = {first} and v = {second}."
_POWER = "The power rule is (u^{p})' = {p}*u^({p} - 1)*u'."

MISTAKES: tuple[Mistake, ...] = (
    # -- powers ----------------------------------------------------------------------------------
    Mistake("power rule without the minus one", "power", "p*u^p*du",
            "In {place} the exponent came down but did not drop by one. " + _POWER),
    Mistake("lost factor {p}", "power", "u^(p - 1)*du",
            "In {place} the exponent dropped by one but did not come down as the factor {p}. " + _POWER),
    Mistake("wrong factor in the power rule", "power", "(p - 1)*u^(p - 1)*du",
            "In {place} the new exponent came down as the factor; the old one does. " + _POWER),
    Mistake("exponent raised instead of lowered", "power", "p*u^(p + 1)*du",
            "In {place} the exponent went up by one; it goes down. " + _POWER),
    Mistake("integrated instead of differentiated", "power", "u^(p + 1)/(p + 1)*du",
            "{place} was integrated: the exponent went up and its new value below. " + _POWER),
    Mistake("dropped inner derivative", "power", "p*u^(p - 1)", _INNER),
    Mistake("chain rule's outer factor evaluated at the wrong place", "power", "p*w^(p - 1)*du", _PLACE),
    Mistake("chain rule's outer factor evaluated at the wrong place", "power", "p*du^(p - 1)*du", _PLACE),
    Mistake("chain rule's outer factor evaluated at the wrong place", "power", "p*du^(p - 1)",
            "In {place} the power rule was applied to the derivative of the inside. " + _POWER),
    Mistake("outer derivative missing", "power", "u^p*du",
            "In {place} the outside was left as it is; only the inside {inside} was differentiated. " + _POWER),
    Mistake("outer derivative missing", "power", "du",
            "In {place} only the inside {inside} was differentiated, and the power was dropped. " + _POWER),
    Mistake("inside instead of its derivative", "power", "p*u^(p - 1)*u",
            "In {place} the slope of the outside was multiplied by the inside {inside} itself, not by its derivative."),
    Mistake("power of the derivative", "power", "du^p",
            "The derivative of a power is not the power of the derivative, in {place}. " + _POWER),
    # -- products --------------------------------------------------------------------------------
    Mistake("product rule treated as product of derivatives", "product", "du*dv",
            "In {place} the derivatives of both factors were multiplied. The product rule is " + _TWO),
    Mistake("product rule: second term missing", "product", "du*v",
            "In {place} only {first} was differentiated. The product rule has two terms: " + _TWO),
    Mistake("product rule: first term missing", "product", "u*dv",
            "In {place} only {second} was differentiated. The product rule has two terms: " + _TWO),
    Mistake("product rule with a minus", "product", "du*v - u*dv",
            "In {place} the two terms of the product rule were subtracted; they are added: " + _TWO),
    Mistake("product rule treated as sum of derivatives", "product", "du + dv",
            "In {place} the derivatives of both factors were added. The product rule is " + _TWO),
    Mistake("lost factor {c}", "factor", "du",
            "A constant factor stays when one differentiates: in {place} the factor {c} is lost."),
    Mistake("wrong variable", "factor", "u", "In {place} it was differentiated by the wrong letter: {c} is the constant factor that "
            "stays, and {inside} is what is differentiated, by {name}."),
    Mistake("a factor left as it is", "factor", "c*u", "In {place} nothing was differentiated: {c} stays, and {inside} is "
            "replaced by its slope in {name}."),
    Mistake("sign", "sign", "du", "In {place} the minus sign is lost: (-u)' = -u'."),
    # -- quotients -------------------------------------------------------------------------------
    Mistake("quotient upside down", "quotient", "(u*dv - du*v)/v^2",
            "In {place} the top of the quotient rule is the wrong way round. It is " + _ONE_OVER),
    Mistake("quotient upside down", "quotient", "(du*v - u*dv)/u^2",
            "In {place} it was divided by the square of the top. The quotient rule divides by the square of the "
            "bottom: " + _ONE_OVER),
    Mistake("quotient upside down", "quotient", "(u*dv - du*v)/u^2",
            "The quotient {place} was differentiated upside down, as {second} over {first}. It is " + _ONE_OVER),
    Mistake("quotient rule sign", "quotient", "(du*v + u*dv)/v^2",
            "In {place} the two terms on top of the quotient rule were added; the second is subtracted: " + _ONE_OVER),
    Mistake("quotient rule treated as quotient of derivatives", "quotient", "du/dv",
            "In {place} the derivative of the top was divided by that of the bottom. The quotient rule is "
            + _ONE_OVER),
    Mistake("quotient rule: bottom not squared", "quotient", "(du*v - u*dv)/v",
            "In {place} the bottom is not squared. The quotient rule is " + _ONE_OVER),
    Mistake("quotient rule: bottom missing", "quotient", "du*v - u*dv",
            "In {place} the division by the square of the bottom is missing. The quotient rule is " + _ONE_OVER),
    Mistake("quotient rule: second term missing", "quotient", "du/v",
            "In {place} the bottom was treated as a constant. The quotient rule is " + _ONE_OVER),
    Mistake("sign", "reciprocal", "c*dv/v^2",
            "In {place} the sign is lost: (1/v)' = -v'/v^2."),
    Mistake("lost factor {c}", "reciprocal", "-dv/v^2",
            "A constant factor stays when one differentiates: in {place} the {c} on top is lost."),
    Mistake("dropped inner derivative", "reciprocal", "-c/v^2",
            "In {place} the derivative of the bottom {second} is missing: (1/v)' = -v'/v^2."),
    Mistake("quotient rule: bottom not squared", "reciprocal", "-c*dv/v",
            "In {place} the bottom is not squared: (1/v)' = -v'/v^2."),
    Mistake("power rule without the minus one", "reciprocal", "c*dv/v",
            "In {place} the exponent did not drop by one: 1/v is v^-1, so (1/v)' = -v'/v^2."),
    Mistake("quotient rule treated as quotient of derivatives", "reciprocal", "c/dv",
            "In {place} only the bottom was differentiated where it stands: (1/v)' = -v'/v^2."),
    # -- sums ------------------------------------------------------------------------------------
    Mistake("forgot a term", "sum", "du", "The derivative of {second} is missing: each term of a sum has its slope."),
    Mistake("forgot a term", "sum", "dv", "The derivative of {first} is missing: each term of a sum has its slope."),
    Mistake("sign", "sum", "du - dv", "The derivative of {second} has the wrong sign: it is added in {place}."),
    Mistake("sign", "sum", "dv - du", "The derivative of {first} has the wrong sign: it is added in {place}."),
    Mistake("sign", "difference", "du + dv",
            "The derivative of {second} has the wrong sign: it is subtracted in {place}."),
    Mistake("sign", "difference", "-du - dv",
            "The derivative of {first} has the wrong sign: it is added in {place}."),
    Mistake("forgot a term", "difference", "du",
            "The derivative of {second} is missing: each term of a sum has its slope."),
    Mistake("forgot a term", "difference", "-dv",
            "The derivative of {first} is missing: each term of a sum has its slope."),
    Mistake("sign", "power", "-p*u^(p - 1)*du", "The sign of the slope of {place} is wrong; everything else is right."),
    Mistake("kept a constant term", "constant", "du + c",
            "In {place} the term {c} was kept; it does not contain {name}, so its slope is 0."),
    Mistake("kept a constant term", "constant", "du + 1",
            "In {place} the term {c} was given the slope 1; it does not contain {name}, so its slope is 0."),
    Mistake("lost 1/n", "mean", "sum(du)",
            "The 1/n of {place} is lost (a sum for a mean): the slope of a mean is the mean of the slopes."),
    Mistake("mean for sum", "total", "mean(du)",
            "A mean was written for a sum: {place} adds up without dividing by n, so its slope does too."),
    # -- slopes of functions ---------------------------------------------------------------------
    Mistake("power rule used on an exponential", "exp", "u*exp(u - 1)*du",
            "{place} is no power: exp is its own slope, so (exp(u))' = exp(u)*u'."),
    Mistake("wrong slope of log", "log", "du", "The slope of log is missing in {place}: (log(u))' = u'/u."),
    Mistake("wrong slope of log", "log", "u*du", "In {place} the slope of log is 1/u, not u: (log(u))' = u'/u."),
    Mistake("wrong slope of log", "log", "1/du", "In {place} the 1 is over the inside, not over its derivative: "
            "(log(u))' = u'/u."),
    Mistake("wrong slope of log", "log", "-du/u^2", "In {place} it was differentiated once too often: (log(u))' = u'/u."),
    Mistake("wrong slope of log", "log", "exp(u)*du", "exp undoes log but is not its slope: (log(u))' = u'/u."),
    Mistake("wrong slope of log", "log", "du/(u*log(10))", "log is the natural logarithm here: (log(u))' = u'/u."),
    Mistake("lost factor 1/log(10)", "log10", "du/u", "A logarithm to base 10 has the slope 1/(u*log(10))."),
    Mistake("lost factor 1/log(2)", "log2", "du/u", "A logarithm to base 2 has the slope 1/(u*log(2))."),
    Mistake("lost factor 1/2", "sqrt", "du/sqrt(u)", "In {place} the 1/2 is lost: (sqrt(u))' = u'/(2*sqrt(u))."),
    Mistake("wrong slope of sqrt", "sqrt", "sqrt(u)*du/2", "In {place} the root stands below: "
            "(sqrt(u))' = u'/(2*sqrt(u))."),
    Mistake("wrong slope of sqrt", "sqrt", "du/(2*u)", "In {place} the root below is lost: "
            "(sqrt(u))' = u'/(2*sqrt(u))."),
    Mistake("wrong slope of sin", "sin", "-cos(u)*du", "The slope of sin is cos, with a plus sign."),
    Mistake("wrong slope of cos", "cos", "sin(u)*du", "The slope of cos is -sin: the minus sign is lost in {place}."),
    Mistake("wrong slope of tan", "tan", "du/cos(u)", "The slope of tan is 1/cos(u)^2: the square is lost in {place}."),
    Mistake("wrong slope of tan", "tan", "du/sin(u)^2", "The slope of tan is 1/cos(u)^2, not 1/sin(u)^2."),
    Mistake("wrong slope of tan", "tan", "tan(u)/cos(u)*du", "That is the slope of 1/cos(u); the slope of tan is "
            "1/cos(u)^2."),
    Mistake("wrong slope of tan", "tan", "(1 - tan(u)^2)*du", "The slope of tan is 1 + tan(u)^2; that of tanh has the "
            "minus sign."),
    Mistake("wrong slope of tan", "tan", "-sin(u)/cos(u)*du", "The slope of tan is 1/cos(u)^2; slopes of a quotient "
            "are not the quotient of slopes."),
    Mistake("wrong slope of tanh", "tanh", "(1 - tanh(u))*du", "The slope of tanh is 1 - tanh(u)^2: the square is lost "
            "in {place}."),
    Mistake("wrong slope of tanh", "tanh", "(1 + tanh(u)^2)*du", "The slope of tanh is 1 - tanh(u)^2; that of tan has "
            "the plus sign."),
    Mistake("wrong slope of tanh", "tanh", "tanh(u)*(1 - tanh(u))*du", "That is the rule for sigmoid; the slope of tanh "
            "is 1 - tanh(u)^2."),
    Mistake("wrong slope of tanh", "tanh", "(1 - u^2)*du", "The slope of tanh is 1 - tanh(u)^2: it holds the value of "
            "tanh, not its inside."),
    Mistake("wrong slope of sigmoid", "sigmoid", "(1 - sigmoid(u))*du", "The slope of sigmoid is s*(1 - s): one factor "
            "s is lost in {place}."),
    Mistake("wrong slope of sigmoid", "sigmoid", "sigmoid(u)*(1 + sigmoid(u))*du", "The slope of sigmoid is s*(1 - s), "
            "with a minus sign."),
    Mistake("wrong slope of sigmoid", "sigmoid", "(1 - sigmoid(u)^2)*du", "That is the rule for tanh; the slope of "
            "sigmoid is s*(1 - s)."),
    Mistake("wrong slope of sigmoid", "sigmoid", "sigmoid(u)^2*du", "The slope of sigmoid is s*(1 - s), not s^2."),
    Mistake("wrong slope of sigmoid", "sigmoid", "u*(1 - u)*du", "The slope of sigmoid is s*(1 - s) with s = sigmoid(u): "
            "it holds the value of sigmoid, not its inside."),
    Mistake("wrong slope of softplus", "softplus", "sigmoid(u)*(1 - sigmoid(u))*du", "That is the second derivative; "
            "the slope of softplus is sigmoid(u)."),
    Mistake("wrong slope of softplus", "softplus", "exp(u)*du", "The slope of softplus is sigmoid(u): the division by "
            "1 + exp(u) is lost."),
    Mistake("derivative of |u| without the sign", "abs", "du", "The slope of |u| is sign(u)*u': in {place} the sign is "
            "missing, so the slope does not turn round where {inside} does."),
    Mistake("derivative of |u| without the sign", "abs", "abs(du)", "The slope of |u| is sign(u)*u', not |u'|."),
    Mistake("derivative of relu without the step", "relu", "du", "The slope of relu is 1 only where {inside} is above "
            "0; below it is 0."),
    Mistake("wrong slope of relu", "relu", "where(u > 0, 0, 1)*du", "The branches of relu are swapped: its slope is 1 "
            "above 0 and 0 below."),
    Mistake("wrong slope of cosh", "cosh", "-sinh(u)*du", "The slope of cosh is +sinh; only cos has the minus sign."),
    Mistake("wrong slope of atan", "atan", "du/(1 - u^2)", "The slope of atan is 1/(1 + u^2); atanh has the minus sign."),
    Mistake("wrong slope of atan", "atan", "du/sqrt(1 + u^2)", "The slope of atan is 1/(1 + u^2), without a root."),
    Mistake("wrong slope of asin", "asin", "du/(1 - u^2)", "The slope of asin is 1/sqrt(1 - u^2): the root is lost."),
    Mistake("lost factor 2/sqrt(pi)", "erf", "exp(-u^2)*du", "The slope of erf is 2/sqrt(pi)*exp(-u^2)."),
    Mistake("one branch only", "where", "du", "Only the first branch of {place} was differentiated; where the condition "
            "fails, the slope is that of {second}."),
    Mistake("one branch only", "where", "dv", "Only the second branch of {place} was differentiated; where the "
            "condition holds, the slope is that of {first}."),
    Mistake("branches swapped", "where", "where(c, dv, du)", "The slopes of the two branches of {place} are swapped."),
    Mistake("one branch only", "maximum", "du", "The slope of {place} is that of the larger one; only {first} was "
            "differentiated."),
    Mistake("one branch only", "maximum", "dv", "The slope of {place} is that of the larger one; only {second} was "
            "differentiated."),
    Mistake("one branch only", "minimum", "du", "The slope of {place} is that of the smaller one; only {first} was "
            "differentiated."),
    Mistake("one branch only", "minimum", "dv", "The slope of {place} is that of the smaller one; only {second} was "
            "differentiated."),
    # -- exponentials and the chain rule -----------------------------------------------------------
    Mistake("power rule used on an exponential", "exponential", "u*c^(u - 1)*du",
            "{place} is an exponential, not a power: the variable is in the exponent, so (c^u)' = c^u*log(c)*u'."),
    Mistake("lost factor log({c})", "exponential", "c^u*du",
            "In {place} the factor log({c}) is lost: (c^u)' = c^u*log(c)*u'."),
    Mistake("power rule where the exponent moves too", "tower", "v*u^(v - 1)*du", "In {place} base and exponent both contain "
            "{name}; the power rule alone treats the exponent as a number. (u^v)' = u^v*(v'*log(u) + v*u'/u)."),
    Mistake("exponential rule where the base moves too", "tower", "u^v*log(u)*dv", "In {place} base and exponent both contain "
            "{name}; the rule for c^u alone treats the base as a number. (u^v)' = u^v*(v'*log(u) + v*u'/u)."),
    Mistake("dropped inner derivative", "exponential", "c^u*log(c)", _INNER),
    Mistake("dropped inner derivative", "chain", "slope(u)", _INNER),
    Mistake("sign", "chain", "-slope(u)*du",
            "The sign of the slope of {place} is wrong; everything else is right."),
    Mistake("chain rule's outer factor evaluated at the wrong place", "chain", "slope(w)*du", _PLACE),
    Mistake("chain rule's outer factor evaluated at the wrong place", "chain", "slope(du)*du", _PLACE),
    Mistake("chain rule's outer factor evaluated at the wrong place", "chain", "slope(du)",
            "In {place} the slope of {f} was taken at the derivative of the inside. It is taken at the inside "
            "{inside}, and multiplied by d{inside}/d{name}."),
    Mistake("outer derivative missing", "chain", "f(u)*du",
            "In {place} {f} was left as it is; only the inside {inside} was differentiated. The chain rule needs the "
            "slope of {f} at {inside} as well."),
    Mistake("outer derivative missing", "chain", "du",
            "In {place} only the inside {inside} was differentiated; the slope of {f} at {inside} is missing."),
    Mistake("inside instead of its derivative", "chain", "slope(u)*u",
            "In {place} the slope of {f} was multiplied by the inside {inside} itself, not by its derivative."),
    Mistake("only the inside differentiated", "chain", "f(du)",
            "In {place} the inside was replaced by its derivative and {f} kept around it. The chain rule multiplies "
            "the slope of {f} at {inside} by d{inside}/d{name}."),
)  # fmt: skip
