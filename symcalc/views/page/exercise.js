// Exercises: a loss to differentiate, hints one by one, and a verdict that says what went wrong.

import { html } from "./bench.js";
import { markup } from "./markup.js";

const STAGES = ["one rule", "chain and product", "a mean over data", "several parameters", "vectors and kinks"];

export class Exercises {
  constructor(parent, ask) {
    Object.assign(this, { ask, solved: 0, tried: 0 });
    this.level = html("select", { "aria-label": "level of the exercise" }, ...STAGES.map((words, k) => html("option", { value: k + 1 }, `${k + 1}: ${words}`)));
    this.loss = html("div", { class: "typeset" });
    this.names = html("p");
    this.left = html("code");
    this.answer = html("input", { type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-label": "your answer", onkeydown: e => { if (e.key === "Enter") this.check(); } });
    this.said = html("div", { role: "status" });
    this.hints = html("ol");
    this.score = html("p", { role: "status" });
    this.body = html("div", { hidden: true }, this.loss, this.names, html("label", { class: "answer" }, this.left, this.answer),
      html("div", { class: "controls" }, this.button("Check", () => this.check(), "primary"), this.button("Hint", () => this.hint()), this.button("Give up", () => this.giveUp())), this.said, this.hints);
    parent.append(html("div", { class: "controls" }, html("label", {}, "level ", this.level), this.button("New exercise", () => this.fresh())), this.body, this.score);
  }

  button(words, press, kind = "") { return html("button", { type: "button", class: kind, onclick: press }, words); }

  async fresh(seed = crypto.getRandomValues(new Uint32Array(1))[0] % 1e6) {
    const found = await this.ask("exercise", { level: Number(this.level.value), seed });
    if (found.error) { this.told("bad", found.error.reason); return; }
    this.at = found;
    this.over = false;
    this.told();
    this.hints.replaceChildren();
    this.loss.replaceChildren(markup(found.html));
    this.names.textContent = `${found.names}.`;
    this.left.textContent = `${found.slope} =`;
    this.answer.value = "";
    this.body.hidden = false;
    this.answer.focus();
  }

  request(more) { return this.ask("attempt", { level: this.at.level, seed: this.at.seed, ...more }); }

  told(kind = "", ...words) { this.said.replaceChildren(...(words.length ? [html("p", { class: kind }, ...words)] : [])); }

  async check() {
    const found = await this.request({ answer: this.answer.value });
    if (found.error) { this.told("bad", found.error.reason); return; }
    if (found.verdict === "correct") {
      this.told("good", html("strong", {}, "Right."), " ", found.diagnosis);
      this.count(true);
    } else this.told("bad", html("strong", {}, "Not yet."), ` ${found.diagnosis} ${found.example}`);
  }

  async hint() {
    const found = await this.request({ hint: this.hints.children.length });
    if (found.error) this.told("", found.error.reason);
    else this.hints.append(html("li", {}, html("pre", {}, found.hint)));
  }

  async giveUp() {
    const found = await this.request({ give_up: true });
    if (found.error) { this.told("bad", found.error.reason); return; }
    this.said.replaceChildren(html("p", {}, "It is ", html("code", {}, `${this.at.slope} = ${found.right}`)), markup(found.html));
    this.count(false);
  }

  count(solved) {
    if (this.over) return;
    this.over = true;
    this.tried++;
    this.solved += solved;
    this.score.textContent = `${this.solved} of ${this.tried} solved.`;
  }
}
