// What folds open below the bench: why, numeric slopes compared.

import { html } from "./bench.js";
import { number } from "./numbers.js";

// Trusted markup: made by symcalc, in which every text of the user is escaped.
export function markup(text) {
  const holder = document.createElement("template");
  holder.innerHTML = text;
  return holder.content;
}

export class Panels {
  // state() gives what a question is about; ask(name, document) asks the server.
  constructor(parent, state, ask) {
    Object.assign(this, { state, ask });
    this.why = html("div", { class: "wide" });
    this.compared = html("div", { class: "wide" });
    parent.append(this.panel("Why the slope is that", this.why, true),
      this.panel("Numeric slopes beside the exact ones", html("div", {}, html("button", { type: "button", onclick: () => this.compare() }, "Compare at the point"), this.compared)));
  }

  panel(title, content, open = false) { return html("details", { class: "panel", open }, html("summary", {}, html("strong", {}, title)), content); }

  derived(answer) {
    this.notes = [...answer.legend.map(l => html("p", {}, "where ", html("code", {}, l))), ...answer.kinks.map(l => html("p", {}, `kink: ${l}`))];
    this.compared.replaceChildren();
  }

  // The levels of the derivation; what was folded open stays so.
  explained(found) {
    const open = [...this.why.querySelectorAll("details")].map(d => d.open);
    this.why.replaceChildren(...found.levels.map((level, k) => html("details", { open: open.length ? open[k] : k === 0 }, html("summary", {}, level.title), markup(level.html))), ...this.notes);
  }

  async compare() {
    this.compared.replaceChildren(html("p", {}, "working …"));
    const found = await this.ask("compare", { ...this.state(), point: this.state().point });
    if (found.error) { this.compared.replaceChildren(html("p", { class: "bad" }, found.error.reason)); return; }
    const show = v => (v === null ? "" : typeof v === "string" ? v : number(v, 6));
    const head = ["parameter", "method", "numeric", "exact", "gap", "gap predicted", "h", "evaluations", "note"];
    this.compared.replaceChildren(html("table", {}, html("thead", {}, html("tr", {}, ...head.map(h => html("th", { scope: "col" }, h)))), html("tbody", {}, ...found.rows.map(r => html("tr", {},
      html("th", { scope: "row" }, r.parameter), ...[r.method, r.numeric, r.symbolic, r.error, r.predicted_error, r.step, r.evaluations, r.note].map(v => html("td", {}, show(v))))))),
      ...found.notes.map(n => html("p", {}, n)));
  }
}
