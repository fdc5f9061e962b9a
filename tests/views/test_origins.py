"""Which part of the typed loss each term of a slope comes from."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

import symcalc as sc
from symcalc.views.page.formulas import linked
from symcalc.views.page.origins import origins


def told(formula, word, data=None, **declared):
    gradient = sc.differentiate(sc.parse(formula, data=data, **declared))
    name = next(n for n in gradient.wrt if n.name == word)
    _, found = origins(gradient, name)
    return {
        gradient.notation.write(o.node): [gradient.loss.text[start:end] for start, end in o.spans] for o in found
    }  # fmt: skip


# Which typed term each printed one is the derivative of, by the sum rule and the chain rule done by hand.
@pytest.mark.parametrize(
    ("formula", "word", "data", "declared", "expected"),
    [
        ("mean((y - (m*x + b))^2)", "m", "movies", {}, {"2·mean(x·r)": ["m*x"]}),
        ("mean((y - (m*x + b))^2)", "b", "movies", {}, {"2·mean(r)": ["b"]}),
        ("mean((y - (m*x + b))^2) + lam*m^2", "m", "movies", {"constants": {"lam": 0.1}},
         {"2·lam·m": ["lam*m^2"], "2·mean(x·r)": ["m*x"]}),
        ("yhat = m*x + b; mean((y - yhat)^2)", "m", "movies", {}, {"2·mean(x·r)": ["m*x"]}),
        ("mean((y - (a*x^2 + c*x + d))^2)", "c", "movies", {}, {"2·mean(x·r)": ["c*x"]}),
        ("u = exp(p*q); u^2 + u*p + sin(p)", "p", None, {},
         {"q·u·(p + 2·u)": ["p*q"], "u": ["u*p"], "cos(p)": ["sin(p)"]}),
        ("u = exp(p*q); u^2 + u*p + sin(p)", "q", None, {}, {"p·u·(p + 2·u)": ["p*q"]}),
    ],
)  # fmt: skip
def test_a_term_knows_what_it_is_the_derivative_of(formula, word, data, declared, expected):
    assert told(formula, word, data, **declared) == expected


def test_where_terms_cannot_be_told_apart_all_of_them_are_named():
    assert told("m^2 - 3*m", "m") == {"2·m": ["m^2", "3*m"], "3": ["m^2", "3*m"]}


def test_every_term_of_a_page_points_at_a_part_that_is_there():
    loss = sc.parse("z = (x - mean(x))/std(x); mean((y - (m*z + b))^2) + abs(m) - 2*b", data="movies")
    typed, slopes = linked(sc.differentiate(loss))
    parts = set(re.findall(r'data-part="([\d-]+)"', typed))
    wanted = {key for slope in slopes for keys in re.findall(r'data-from="([\d -]+)"', slope) for key in keys.split()}

    assert wanted
    assert wanted <= parts
    assert "mark-" not in typed + "".join(slopes)
    assert 'data-words="2·mean(z·r) comes from m*z, through r"' in slopes[0]


def test_a_header_in_a_term_cannot_leave_its_attribute():
    loss = sc.parse('mean((y - m*`" onfocus="x`)^2)', data={'" onfocus="x': [1.0, 2.0], "y": [1.0, 3.0]})
    typed, slopes = linked(sc.differentiate(loss))

    for made in (typed, slopes[0]):
        assert not any("onfocus" in e.attrib for e in ElementTree.fromstring(made).iter())
