// The explorer in a notebook: the formula goes to the kernel, which answers with slopes and a bench to try them on.
//
// Traits: formula (text, both ways), page (what the kernel answers), code (the functions of the loss), point (where the
// bench stands, for the next cell to use).

import { html, mount } from "./bench.js";
import { lights } from "./lights.js";
import { markup } from "./markup.js";

const PAUSE = 120;

async function functions(code) {
  const address = URL.createObjectURL(new Blob([`export default ${code};\n`], { type: "text/javascript" }));
  try { return (await import(address)).default; } finally { URL.revokeObjectURL(address); }
}

// Notebooks have themes of their own: dark is what is behind the widget.
function isDark(el) {
  for (let node = el; node; node = node.parentElement) {
    const parts = getComputedStyle(node).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    if (parts.length >= 3 && (parts[3] ?? 1) > 0.5) return parts[0] + parts[1] + parts[2] < 384;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

class Widget {
  constructor(model, el) {
    this.model = model;
    this.drawn = 0;
    // Notebooks take keys for their cells, JupyterLab even arrows on a slider; what is pressed in here stays here.
    const root = html("div", { class: `symcalc-widget${isDark(el) ? " dark" : ""}`, "data-lm-suppress-shortcuts": "true", onkeydown: e => e.stopPropagation() });
    this.area = html("textarea", { rows: 2, spellcheck: "false", "aria-label": "The loss", oninput: () => this.typed() });
    this.fault = html("pre", { role: "alert", class: "fault" });
    this.formulas = html("div", { class: "typeset" });
    this.notes = html("div");
    this.origin = html("p", { class: "origin", "aria-live": "polite" });
    this.holder = html("div");
    const inner = html("div", { class: "symcalc" }, this.area, this.fault, this.formulas, this.origin, this.notes, this.holder);
    root.append(inner);
    el.append(root);
    this.dark = lights(this.formulas, this.origin);
    this.area.value = model.get("formula");
    this.draw = this.draw.bind(this);
    model.on("change:page", this.draw);
    this.draw();
  }

  typed() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.model.set("formula", this.area.value);
      this.model.save_changes();
    }, PAUSE);
  }

  async draw() {
    const mine = ++this.drawn, page = this.model.get("page");
    this.fault.textContent = page.error ?? "";
    this.area.setAttribute("aria-invalid", String(Boolean(page.error)));
    this.formulas.classList.toggle("stale", Boolean(page.error));
    if (page.error) return;
    this.formulas.replaceChildren(markup(page.formulas));
    this.dark();
    this.notes.replaceChildren(...page.notes.map(n => html("p", {}, n)));
    const code = page.bench ? await functions(this.model.get("code")) : null;
    if (mine !== this.drawn) return;
    this.bench?.stop();
    this.holder.replaceChildren();
    this.bench = code ? mount(this.holder, page.bench, code) : null;
    if (this.bench) this.bench.onstand = here => this.stands(here);
  }

  // The kernel is told where the bench stands, but not more often than it can hear.
  stands(here) {
    this.here = here;
    this.telling ??= setTimeout(() => {
      this.telling = null;
      const point = Object.fromEntries(this.bench.spec.parameters.map(p => [p.name, p.shape.length ? Array.from(this.here.point.slice(p.at, p.at + p.count)) : this.here.point[p.at]]));
      this.model.set("point", point);
      this.model.save_changes();
    }, PAUSE);
  }

  close() {
    clearTimeout(this.waiting);
    clearTimeout(this.telling);
    this.bench?.stop();
    this.model.off("change:page", this.draw);
  }
}

export default {
  render({ model, el }) {
    const widget = new Widget(model, el);
    return () => widget.close();
  },
};
