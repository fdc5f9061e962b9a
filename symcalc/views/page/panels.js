// What folds open below the bench: why, numeric slopes compared, an answer checked.

import { html } from "./bench.js";
import { Exercises } from "./exercise.js";
import { markup } from "./markup.js";
import { number } from "./numbers.js";
import { Runs } from "./runs.js";

export class Panels {
  // state() gives what a question is about; ask(name, document) asks the server.
  constructor(parent, state, ask) {
    Object.assign(this, { state, ask });
    const runs = html("div"), exercises = html("div");
    this.runs = new Runs(runs, state);
    this.exercises = new Exercises(exercises, ask);
    this.why = html("div", { class: "wide" });
    this.compared = html("div", { class: "wide" });
    this.marked = html("div", { role: "status" });
    this.wrt = html("select", { "aria-label": "parameter" });
    this.answer = html("textarea", { rows: 2, spellcheck: "false", "aria-label": "your slope", placeholder: "-2*mean(x*(y - (m*x + b)))" });
    parent.append(this.panel("Why the slope is that", this.why, true),
      this.panel("Numeric slopes beside the exact ones", html("div", {}, html("button", { type: "button", onclick: () => this.compare() }, "Compare at the point"), this.compared)),
      this.panel("Check your own derivative", html("div", {}, html("label", {}, "slope in ", this.wrt), this.answer, html("button", { type: "button", onclick: () => this.check() }, "Check"), this.marked)),
      this.panel("Runs side by side", runs), this.panel("Exercises", exercises));
  }

  panel(title, content, open = false) { return html("details", { class: "panel", open }, html("summary", {}, html("strong", {}, title)), content); }

  derived(answer) {
    this.notes = [...answer.legend.map(l => html("p", {}, "where ", html("code", {}, l))), ...answer.kinks.map(l => html("p", {}, `kink: ${l}`))];
    this.compared.replaceChildren();
    this.marked.replaceChildren();
    const kept = this.wrt.value, names = answer.slopes.map(s => s.name);
    this.wrt.replaceChildren(...names.map(n => html("option", { value: n }, n)));
    if (names.includes(kept)) this.wrt.value = kept;
  }

  // The verdict on a slope that was typed; what is right is shown only on request.
  async check() {
    this.marked.replaceChildren(html("p", {}, "checking …"));
    const found = await this.ask("check", { ...this.state(), wrt: this.wrt.value, answer: this.answer.value });
    if (found.error) { this.marked.replaceChildren(html("p", { class: "bad" }, found.error.reason)); return; }
    const good = found.verdict === "correct";
    this.marked.replaceChildren(html("p", { class: good ? "good" : "bad" }, html("strong", {}, good ? "Correct." : "Not yet."), " ", found.diagnosis ?? ""),
      ...(good ? [] : [html("details", {}, html("summary", {}, "Show what is right"), html("code", {}, found.right))]));
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
    const head = ["parameter", "method", "numeric", "exact", "gap", "gap predicted", "explained by", "h", "evaluations", "note"];
    const by = r => (r.share === null || typeof r.share === "string" ? "" : r.share > 0.4 && r.share < 1.6 ? `${r.cause} ${(100 * r.share).toFixed(1)} %` : r.cause);
    this.compared.replaceChildren(html("table", {}, html("thead", {}, html("tr", {}, ...head.map(h => html("th", { scope: "col" }, h)))), html("tbody", {}, ...found.rows.map(r => html("tr", {},
      html("th", { scope: "row" }, r.parameter), ...[r.method, r.numeric, r.symbolic, r.error, r.predicted_error, by(r), r.step, r.evaluations, r.note].map(v => html("td", {}, show(v))))))),
      ...(found.picture ? [html("img", { class: "drawn", src: found.picture.address, alt: found.picture.words })] : []), ...found.notes.map(n => html("p", {}, n)));
  }
}
