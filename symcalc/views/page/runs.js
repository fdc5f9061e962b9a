// Runs on the engine: every optimizer, data of any size; each streams in while it walks and stops at once. Runs are kept
// side by side.

import { html } from "./bench.js";
import { Chart } from "./chart.js";
import { number } from "./numbers.js";

const KEPT = 5, DRAWN = 500;

export class Runs {
  // state() gives what a question is about.
  constructor(parent, state) {
    Object.assign(this, { state, runs: [], made: 0 });
    this.rule = html("select", { "aria-label": "optimizer of the run" });
    this.rate = html("input", { type: "number", step: "any", min: 0, placeholder: "its own", "aria-label": "learning rate of the run" });
    this.steps = html("input", { type: "number", min: 0, max: 100000, value: 200, "aria-label": "steps of the run" });
    this.button = html("button", { type: "button", class: "primary", onclick: () => (this.going ? this.stop() : this.go()) }, "Run");
    this.said = html("p", { class: "status", role: "status" });
    this.chart = new Chart(parent, { title: "Loss at each step of the runs", x: "step", y: "loss", log: true, whole: true });
    this.rows = html("div", { class: "wide" });
    parent.prepend(html("p", {}, "By every optimizer, from where the bench stands. Another run is kept beside it."), html("div", { class: "controls" }, html("label", {}, "optimizer ", this.rule), html("label", {}, "learning rate ", this.rate), html("label", {}, "steps ", this.steps), this.button), this.said);
    parent.append(this.rows);
    this.draw();
  }

  // Rows {word, about} of what can be run.
  offer(optimizers) { this.rule.replaceChildren(...optimizers.map(o => html("option", { value: o.word, title: o.about }, o.word))); }

  async go() {
    const run = { key: this.made++, optimizer: this.rule.value, losses: [], done: null };
    const document = { ...this.state(), optimizer: this.rule.value, learning_rate: this.rate.value === "" ? null : Number(this.rate.value), steps: Math.round(Number(this.steps.value)) };
    this.runs = [...this.runs.slice(1 - KEPT), run];
    this.going = new AbortController();
    this.button.textContent = "Stop";
    this.said.textContent = "walking …";
    try {
      const answer = await fetch("/run", { method: "POST", signal: this.going.signal, headers: { "content-type": "application/json" }, body: JSON.stringify(document) });
      for await (const line of lines(answer.body)) this.heard(run, line);
    } catch (error) {
      this.said.textContent = error.name === "AbortError" ? `Stopped after ${run.losses.length ? run.losses.length - 1 : 0} steps.` : "symcalc does not answer: is it still running in its terminal?";
    }
    this.going = null;
    this.button.textContent = "Run";
    if (!run.losses.length) this.runs = this.runs.filter(r => r !== run);
    this.later();
  }

  heard(run, line) {
    if (line.steps) for (const [, loss] of line.steps) run.losses.push(loss ?? NaN);
    if (line.error) this.said.textContent = line.error.reason;
    if (line.done) {
      run.done = line.done;
      this.said.textContent = [line.done.message, ...line.done.notes].join(" ");
    } else if (line.steps) this.said.textContent = `step ${run.losses.length - 1}: loss ${number(run.losses[run.losses.length - 1])}`;
    this.later();
  }

  // The server ends the process of the run, whatever it does.
  stop() {
    this.going.abort();
    fetch("/stop", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => {});
  }

  later() {
    this.pending ??= requestAnimationFrame(() => { this.pending = null; this.draw(); });
  }

  draw() {
    const { chart } = this, finite = this.runs.flatMap(r => r.losses).filter(Number.isFinite);
    this.rows.replaceChildren(...(this.runs.length ? [this.table()] : []));
    chart.figure.hidden = !finite.length;
    if (!finite.length) return;
    const longest = Math.max(...this.runs.map(r => r.losses.length)), first = Math.max(...this.runs.map(r => Math.abs(r.losses[0]) || 0));
    const seen = finite.filter(v => Math.abs(v) <= 1e3 * (first || 1)), low = seen.reduce((a, b) => Math.min(a, b), Infinity), high = seen.reduce((a, b) => Math.max(a, b), -Infinity);
    const room = low > 0 ? [low / (high / low || 1) ** 0.07, high * (high / low || 1) ** 0.07] : [low - 0.07 * (high - low), high + 0.07 * (high - low)];
    chart.limits([0, Math.max(longest - 1, 1)], room[0] === room[1] ? [low - 1, high + 1] : room);
    chart.begin(`The loss of ${this.runs.length} runs over ${longest - 1} steps.`);
    for (const run of this.runs) {
      const every = Math.max(1, Math.ceil(run.losses.length / DRAWN)), at = run.losses.map((_, k) => k).filter(k => k % every === 0 || k === run.losses.length - 1);
      chart.curve(at, at.map(k => run.losses[k]), `run${run.key % KEPT}`);
    }
    chart.legend(this.runs.map(r => [`run${r.key % KEPT}`, r.optimizer]), true);
  }

  table() {
    const point = run => (run.done ? Object.entries(run.done.point).filter(([, v]) => typeof v === "number").slice(0, 3).map(([n, v]) => `${n} ${number(v)}`).join(", ") : "");
    const row = run => html("tr", {}, html("th", { scope: "row" }, run.optimizer), html("td", {}, run.done ? (run.done.learning_rate === null ? "its own" : number(run.done.learning_rate, 4)) : ""), html("td", {}, String(Math.max(run.losses.length - 1, 0))),
      html("td", {}, run.losses.length ? number(run.losses[run.losses.length - 1]) : ""), html("td", {}, point(run)), html("td", {}, run.done?.message ?? (this.going && run === this.runs[this.runs.length - 1] ? "walking …" : "stopped")),
      html("td", {}, html("button", { type: "button", "aria-label": `forget the run of ${run.optimizer}`, onclick: () => { this.runs = this.runs.filter(r => r !== run); this.draw(); } }, "×")));
    return html("table", {}, html("thead", {}, html("tr", {}, ...["optimizer", "rate", "steps", "loss", "where it ended", "how", ""].map(w => html("th", { scope: "col" }, w)))), html("tbody", {}, ...this.runs.map(row)));
  }
}

// Lines of a stream, each a JSON document.
async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
  if (rest.trim()) yield JSON.parse(rest);
}
