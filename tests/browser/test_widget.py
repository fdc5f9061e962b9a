"""The widget of notebooks in a real browser, with the widget's Python behind it.

The page plays the part of a notebook: it calls `render` with a model that has get, set, save_changes, on and off, which
is all that anywidget's front end promises; what is saved goes to the Python widget, and its answer comes back.
"""

from __future__ import annotations

import json
import sys
import types

import pytest

import symcalc as sc
from symcalc.app import opening

pytest.importorskip("anywidget")

HOST = """<!doctype html><html lang="en"><body style="background: BACKGROUND"><div id="cell"></div>
<h2 class="line mark handle">The notebook around it</h2><script type="module">
const module = await import(URL.createObjectURL(new Blob([ESM], { type: "text/javascript" })));
const style = document.createElement("style");
style.textContent = CSS;
document.head.append(style);
const traits = TRAITS, heard = new Map();
const model = {
  get: name => traits[name],
  set: (name, value) => { traits[name] = value; model.changed = name; },
  save_changes: async () => model.put(await window.kernel(model.changed, JSON.stringify(traits[model.changed]))),
  put: found => {
    const changed = JSON.parse(found);
    Object.assign(traits, changed);
    if ("page" in changed) heard.get("change:page")?.forEach(f => f());
  },
  on: (name, f) => heard.set(name, [...(heard.get(name) ?? []), f]),
  off: (name, f) => heard.set(name, (heard.get(name) ?? []).filter(g => g !== f)),
};
window.heard = heard;
window.model = model;
window.close_it = module.default.render({ model, el: document.getElementById("cell") });
</script></body></html>"""


@pytest.fixture
def shown(visit, tmp_path):
    """(data, formula, …) → (page, widget)."""

    def opened(formula="mean((y - (m*x + b))^2)", data="movies", background="#fff", width=900, **options):
        widget = opening.widget(formula, data)
        traits = {name: getattr(widget, name) for name in ("formula", "page", "code", "point")}
        source = HOST.replace("BACKGROUND", background)
        for word, value in (("ESM", widget._esm), ("CSS", widget._css), ("TRAITS", traits)):
            source = source.replace(word, json.dumps(value).replace("</", "<\\/"), 1)
        file = tmp_path / "notebook.html"
        file.write_text(source, encoding="utf-8")
        page, asked, faults = visit("about:blank", width, 900, **options)

        def kernel(name, value):
            before = widget.page
            setattr(widget, name, json.loads(value))
            changed = ("page", "code") if widget.page is not before else ()
            return json.dumps({n: getattr(widget, n) for n in changed})

        page.expose_function("kernel", kernel)
        page.goto(file.as_uri())
        page.wait_for_selector(".bench caption")
        page.asked, page.faults = asked, faults
        return page, widget

    return opened


def slopes(page):
    return page.locator(".typeset math").evaluate_all("all => all.map(m => m.getAttribute('aria-label'))")


def test_it_shows_the_loss_its_slopes_and_a_bench_and_asks_for_nothing(shown):
    page, _ = shown()

    assert slopes(page) == ["L = mean((y - (m*x + b))^2)", "∂L/∂m = -2·mean(x·r)", "∂L/∂b = -2·mean(r)"]
    assert page.locator(".bench .chart").count() == 4
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    assert page.faults == []


def test_what_is_typed_is_answered_by_the_kernel(shown):
    page, widget = shown()
    page.fill("textarea", "mean((y - (m*x + b))^4)")
    page.wait_for_function("document.querySelector('.typeset math:nth-of-type(2)').ariaLabel.includes('r^3')")

    assert widget.loss.text == "mean((y - (m*x + b))^4)"


def test_a_wrong_text_keeps_what_was_good(shown):
    page, widget = shown()
    page.fill("textarea", "mean((y - exq(m*x + b))^2)")
    page.wait_for_selector(".fault:has-text('exq')")

    assert slopes(page)[1:] == ["∂L/∂m = -2·mean(x·r)", "∂L/∂b = -2·mean(r)"]
    assert widget.gradient.text["b"] == "-2·mean(r)"


def test_the_next_cell_knows_where_the_bench_stands(shown):
    page, widget = shown("(a - 2)^2 + (c + 1)^2", None)
    page.locator(".bench input[aria-label='learning rate']").fill("0.25")
    page.keyboard.press("Tab")
    page.click("text=Step")
    page.wait_for_function("model.get('point').a === 1")
    page.wait_for_timeout(300)

    # From 0: a ← 0 - 0.25·2·(0 - 2) = 1, c ← 0 - 0.25·2·(0 + 1) = -0.5.
    assert widget.point == pytest.approx({"a": 1.0, "c": -0.5})
    assert widget.program.value(widget.point) == pytest.approx(1.25)


def test_the_notebook_around_it_keeps_its_look(shown):
    page, _ = shown()

    assert page.evaluate("getComputedStyle(document.querySelector('h2')).cursor") == "auto"
    assert page.evaluate("getComputedStyle(document.querySelector('h2')).fill") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')") == ""


@pytest.mark.parametrize(("background", "dark"), [("#ffffff", False), ("#111111", True)])
def test_it_is_as_dark_as_its_notebook(shown, background, dark):
    page, _ = shown(background=background)
    ink = page.evaluate("getComputedStyle(document.querySelector('.symcalc-widget')).color")

    assert (ink == "rgb(236, 236, 236)") is dark


def test_the_notebook_around_it_hears_none_of_its_keys(shown):
    page, _ = shown()
    page.evaluate("window.keys = 0; document.addEventListener('keydown', () => { keys += 1; })")
    page.locator('.bench input[type="range"][aria-label="m"]').focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("keys") == 0
    assert "246750" not in page.inner_text(".bench caption")


def test_it_fits_a_phone(shown):
    page, _ = shown(width=390)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_closed_widget_hears_nothing_any_more(shown):
    page, _ = shown()
    page.evaluate("close_it()")

    assert page.evaluate("heard.get('change:page').length") == 0


def test_outside_a_notebook_there_is_the_page(monkeypatch):
    begun = []
    monkeypatch.setattr(opening, "page", lambda begin, tell: begun.append(begin))
    sc.explore("mean((y - m*x)^2)", {"x": [1, 2], "y": [2, 4.5]})
    sc.explore(data="movies")

    assert begun == [
        {"formula": "mean((y - m*x)^2)", "data": {"text": "x,y\n1,2\n2,4.5\n", "name": "your table"}},
        {"data": {"lesson": "movies"}},
    ]


def test_a_kernel_is_known_by_its_shell(monkeypatch):
    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    assert opening.in_notebook()
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: None))
    assert not opening.in_notebook()


@pytest.mark.parametrize(
    ("missing", "extra", "call"),
    [
        ("anywidget", "notebook", lambda: opening.widget("x^2", None)),
        ("uvicorn", "web", lambda: opening.page({}, print)),
    ],
)
def test_a_missing_extra_is_one_line_that_says_what_to_install(monkeypatch, missing, extra, call):
    monkeypatch.setitem(sys.modules, missing, None)
    for name in [n for n in sys.modules if n.startswith(("symcalc.app.notebook", "symcalc.app.web.serving"))]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(sc.MissingExtra) as caught:
        call()

    sentence = str(caught.value)
    assert f"symcalc-explorer with its extra {extra}" in sentence
    assert "\n" not in sentence
    assert "pip install symcalc" not in sentence
