"""What each LaTeX command is read as: tables of text, and a sentence for each that is refused."""

from __future__ import annotations

import difflib

from symcalc.notation.latex_names import GREEK

# Commands that show nothing, or only space.
SPACES = set(", ; : ! > quad qquad displaystyle textstyle limits nolimits nonumber notag enspace thinspace "
             "medspace thickspace arg hfill allowbreak mathstrut".split()) | {" ", "\n"}  # fmt: skip
SIZES = set("left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm".split())

# \epsilon and \varepsilon are one name; likewise the others.
LETTERS = {
    **{word: word for word in GREEK},
    "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho", "varsigma": "sigma",
    "varkappa": "kappa", "ell": "ell",
}  # fmt: skip

STYLES = {
    "mathrm": "word", "text": "word", "textrm": "word", "textit": "word", "mathit": "italic", "operatorname": "word",
    "textsf": "word", "texttt": "word", "mathsf": "word", "mathtt": "word", "mbox": "word", "textbf": "bold",
    "mathbf": "bold", "boldsymbol": "bold", "bm": "bold", "symbf": "bold", "pmb": "bold",
    "mathcal": "script", "mathscr": "script", "mathnormal": "", "operatorname*": "word",
}  # fmt: skip
ACCENTS = {"hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar",
           "vec": "vec"}  # fmt: skip

# Command → function of the language.
FUNCTIONS = {
    **{w: w for w in "exp log sin cos tan sec csc cot sinh cosh tanh coth max min det".split()},
    "ln": "log", "lg": "log10", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "argmin": "min",
}  # fmt: skip
WORDS = {"tr": "trace", "Tr": "trace", "sgn": "sign", "ReLU": "relu", "Softmax": "softmax", "Var": "var",
         "std": "std", "diag": "diag", "erf": "erf", "arcsinh": "asinh", "arccosh": "acosh",
         "arctanh": "atanh", "arsinh": "asinh", "artanh": "atanh", "arcosh": "acosh", "Sigmoid": "sigmoid",
         "avg": "mean", "argmin": "min", "arg min": "min", "minimize": "min"}  # fmt: skip

OPERATORS = {
    "cdot": "CDOT", "times": "CDOT", "ast": "CDOT", "odot": "CDOT", "circ": "CDOT", "div": "SLASH",
    "le": "REL", "leq": "REL", "leqslant": "REL", "ge": "REL", "geq": "REL", "geqslant": "REL", "lt": "REL", "gt": "REL",
    "ne": "REL", "neq": "REL", "frac": "FRAC", "dfrac": "FRAC", "tfrac": "FRAC", "cfrac": "FRAC", "sqrt": "SQRT",
    "sum": "SUM", "prod": "PROD", "top": "TOP", "intercal": "TOP", "coloneqq": "EQUAL", "triangleq": "EQUAL",
    "coloneq": "EQUAL", "lparen": "LPAR", "rparen": "RPAR", "lbrack": "LSQB", "rbrack": "RSQB",
    "{": "LCURLY", "}": "RCURLY", "lbrace": "LCURLY", "rbrace": "RCURLY", "langle": "LANGLE", "rangle": "RANGLE",
    "lvert": "BAR", "rvert": "BAR", "vert": "BAR", "mid": "BAR", "|": "NORM", "Vert": "NORM", "lVert": "NORM",
    "rVert": "NORM", "mathbb": "INDICATOR", "colon": "COLON",
}  # fmt: skip
RELATIONS = {
    "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">",
    "ne": "!=", "neq": "!=",
}  # fmt: skip

# Environments that only lay out lines, and what opens a definition by cases.
LAYOUTS = set("align align* aligned alignat alignat* gather gather* gathered equation equation* split multline multline* "
              "eqnarray eqnarray* displaymath math".split())  # fmt: skip
CASES = {"cases", "dcases", "rcases"}
ARRAYS = set("matrix pmatrix bmatrix vmatrix Vmatrix array smallmatrix Bmatrix".split())

# Single characters: the token they are, and how that is written in a message.
SIGNS = {
    "+": "PLUS", "-": "MINUS", "−": "MINUS", "*": "CDOT", "×": "CDOT", "·": "CDOT", "/": "SLASH", "^": "HIGH", "_": "LOW",
    "=": "EQUAL", "<": "REL", ">": "REL", "≤": "REL", "≥": "REL", "≠": "REL", "(": "LPAR", ")": "RPAR", "[": "LSQB",
    "]": "RSQB", "{": "LBRACE", "}": "RBRACE", "|": "BAR", ",": "COMMA", ";": "SEMICOLON", "&": "AMP",
}  # fmt: skip
SIGN_TEXT = {"≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "×": "*", "·": "*"}
CLOSERS = {"RPAR": "LPAR", "RSQB": "LSQB", "RBRACE": "LBRACE", "RCURLY": "LCURLY", "RANGLE": "LANGLE"}
ENDS = {"NUMBER", "NAME", "TOP", "RPAR", "RSQB", "RBRACE", "RCURLY", "RANGLE", "BAR_R", "NORM_R", "CASES_R", "BANG"}
SPOKEN = {"LPAR": "(", "LSQB": "[", "LBRACE": "{", "LCURLY": "\\{", "LANGLE": "\\langle", "BAR_L": "|", "NORM_L": "\\|",
           "CASES_L": "\\begin{cases}", "RPAR": ")", "RSQB": "]", "RBRACE": "}", "RCURLY": "\\}",
           "RANGLE": "\\rangle", "CASES_R": "\\end{cases}"}  # fmt: skip

WRAPPERS = (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"))
TWO_BARS = r"|| can be read in two ways: write \lVert x \rVert for a norm, \left|x\right| for the absolute value."
_SLOPE = "A formula holds the loss, not its slope; symcalc derives that. Leave the derivative out."
REFUSED = {
    "partial": _SLOPE, "nabla": _SLOPE, "dot": _SLOPE, "ddot": _SLOPE, "prime": _SLOPE,
    "int": "Integrals are not read. Put the integral's closed form here, or a sum over the data.",
    "iint": "Integrals are not read. Put the integral's closed form here, or a sum over the data.",
    "oint": "Integrals are not read. Put the integral's closed form here, or a sum over the data.",
    "infty": "Infinity is no number of the language. Write a large number, or leave the term out.",
    "pm": r"\pm is two formulas in one. Write + or -.", "mp": r"\mp is two formulas in one. Write + or -.",
    "in": r"\in says where a value lies. Leave it out: the data decide; write the sum's index alone, as in \sum_{i}.",
    "notin": r"\notin says where a value lies. Leave it out, or write \begin{cases} … \end{cases}.",
    "sim": r"\sim names a distribution. Write the loss itself, for example its negative log likelihood.",
    "approx": r"\approx says nothing exact. Write = for a definition.",
    "propto": r"\propto leaves a factor open. Write = and the factor.",
    "equiv": r"\equiv is not read. Write = for a definition.",
    "to": "An arrow is not read. Write the loss alone.", "rightarrow": "An arrow is not read. Write the loss alone.",
    "leftarrow": "An update is not read. Write the loss; symcalc walks down it.",
    "gets": "An update is not read. Write the loss; symcalc walks down it.",
    "mapsto": "An arrow is not read. Write the loss alone.", "implies": "An arrow is not read. Write the loss alone.",
    "Rightarrow": "An arrow is not read. Write the loss alone.", "iff": "An arrow is not read. Write the loss alone.",
    "forall": r"\forall is not read. An index on the left of = says that it holds for each.",
    "exists": r"\exists is not read. Write the loss alone.",
    "ldots": "Dots leave out terms. Write them all, or use a sum.",
    "cdots": "Dots leave out terms. Write them all, or use a sum.",
    "dots": "Dots leave out terms. Write them all, or use a sum.",
    "vdots": "Dots leave out terms. Write them all, or use a sum.",
    "otimes": r"\otimes is not read. Write \operatorname{outer}(u, v) for u v^\top.",
    "oplus": r"\oplus is not read. Write + for a sum.",
    "ast": r"A convolution is not read; \cdot is the product.", "star": r"\star is not read; \cdot is the product.",
    "circ": r"\circ is not read; \cdot is the product entry by entry.",
    "binom": r"\binom is not read. Write it with \Gamma(u), which is (u - 1)!.",
    "choose": r"\choose is not read. Write it with \Gamma(u), which is (u - 1)!.",
    "over": r"\over is not read. Write \frac{…}{…}.", "atop": r"\atop is not read. Write \frac{…}{…}.",
    "lfloor": "Rounding has no slope. Leave it out.", "rfloor": "Rounding has no slope. Leave it out.",
    "lceil": "Rounding has no slope. Leave it out.", "rceil": "Rounding has no slope. Leave it out.",
    "bmod": "A remainder has jumps, not a slope. Leave it out.", "mod": "A remainder has jumps, not a slope. Leave it out.",
    "underbrace": "Braces below are not read. Write what stands in them alone.",
    "overbrace": "Braces above are not read. Write what stands in them alone.",
    "underset": r"\underset is not read. Write what it is put under alone.",
    "overset": r"\overset is not read. Write what it is put over alone.",
    "stackrel": r"\stackrel is not read. Write = alone.",
    "def": "Macros are not read. Write out what it stands for.",
    "newcommand": "Macros are not read. Write out what it stands for.",
    "input": "No file is read from a formula. Put the formula itself here.",
    "include": "No file is read from a formula. Put the formula itself here.",
    "write": "Only formulas are read; this is a command to TeX.", "write18": "Only formulas are read; this is a command to TeX.",
    "color": "Color is not read. Leave it out.", "textcolor": "Color is not read. Leave it out.",
    "label": r"\label is not read. Leave it out.", "tag": r"\tag is not read. Leave it out.",
    "ref": r"\ref is not read. Put the formula itself here.", "eqref": r"\eqref is not read. Put the formula itself here.",
    "dagger": r"\dagger (conjugate transpose) is not read: numbers are real. Write ^\top.",
    "mathfrak": r"\mathfrak is not read. Write the letter alone.",
    "Re": "Numbers are real; leave this out.", "Im": "Numbers are real; leave this out.",
    "imath": "Numbers are real; i is an index.", "jmath": "Numbers are real; j is an index.",
    "substack": "A sum over two lines is not read. Write its indices alone: \\sum_{i,j}.",
    "lim": r"\lim is not read. Write the limit itself.", "sup": r"\sup is not read. Write \max.",
    "inf": r"\inf is not read. Write \min.",
    "Pr": r"\Pr is not read. Write the probability as a formula.",
    "boxed": r"\boxed is not read. Write what stands in it alone.",
    "not": r"\not is not read. Write \ne.",
    "cup": "Sets are not read. Write a sum over the index alone.", "cap": "Sets are not read. Write a sum over the index alone.",
    "subset": "Sets are not read. Write a sum over the index alone.",
}  # fmt: skip
for _word in ("ast", "circ"):
    OPERATORS.pop(_word, None)


def unknown(word: str) -> str:
    """What to say of a command that is in none of these tables."""
    known = [*FUNCTIONS, *OPERATORS, *LETTERS, *ACCENTS, *STYLES]
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    if near:
        return rf"\{word} is not read. Did you mean \{near[0]}?"
    return rf"\{word} is not read. A name is written \mathrm{{{word}}}, a function \operatorname{{{word}}}."
