// The bench: sliders, step buttons, formulas with their numbers, and the pictures, for one loss.
//
// mount(parent, spec, code) builds it; used by reports, notebooks and the explorer alike.

import { Model, Walk } from "./model.js";
import { number } from "./numbers.js";
import { Prediction } from "./predict.js";
import { ContourPicture, CostPicture, DataPicture, LossPicture } from "./pictures.js";

const HEAD = ["slope", "formula", "value", "numeric", "gap", "step to"];
const MOST_SLIDERS = 8, NUMERIC = "numeric slopes";

export function html(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export function mount(parent, spec, code) { return new Bench(parent, spec, code); }

class Bench {
  constructor(parent, spec, code) {
    this.spec = spec;
    this.model = new Model(spec, code);
    // The levers that pull most are shown first.
    const pulls = this.model.at(spec.start).slopes.map((s, k) => [-Math.abs(s) || 0, k]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    this.lever = pulls[0][1];
    this.pair = pulls.slice(0, 2).map(p => p[1]).sort((a, b) => a - b);
    this.method = spec.numeric?.method ?? "central";
    // Truncation grows like h², round-off like ε/h: the cube root of ε balances the two.
    this.h = spec.numeric?.h ? () => spec.numeric.h : x => Math.cbrt(Number.EPSILON) * Math.max(1, Math.abs(x));
    this.optimizer = spec.optimizer in code.rules ? spec.optimizer : "gradient-descent";
    this.rate = spec.rate;
    this.limit = this.model.largestRate(spec.start);
    this.ravine = this.model.ravine(spec.start);
    this.rate ??= this.limit ? this.limit / 4 : 0.1;
    this.walk = new Walk(this.model, spec.start.slice(), this.optimizer, this.rate);
    this.second = null;
    this.root = html("section", { class: "bench", "aria-label": "Try it" });
    parent.append(this.root);
    this.build();
    this.draw();
  }

  // -- what there is to see and press ------------------------------------------------------------

  build() {
    const { model } = this;
    this.status = html("p", { class: "status", "aria-live": "polite" });
    const controls = html("div", { class: "controls" });
    controls.append(
      html("button", { type: "button", class: "primary", onclick: () => this.step() }, "Step"),
      html("button", { type: "button", onclick: () => this.back() }, "Back"),
      (this.play = html("button", { type: "button", onclick: () => this.toggle(), "aria-pressed": "false" }, "Play")),
      html("button", { type: "button", onclick: () => this.reset() }, "Reset"),
      this.labeled("optimizer", (this.choice = html("select", { onchange: e => this.choose(e.target.value) },
        ...Object.keys(model.code.rules).map(name => html("option", { value: name }, name))))),
      this.labeled("speed", (this.speed = html("input", { type: "range", min: 1, max: 60, value: 8, "aria-label": "steps a second" }))),
      this.labeled("beside it", html("select", { onchange: e => this.beside(e.target.value) },
        html("option", { value: "" }, "nothing"), html("option", { value: NUMERIC }, "the same, numeric slopes"), ...Object.keys(model.code.rules).map(name => html("option", { value: name }, name)))),
    );
    this.sliders = html("div", { class: "sliders" });
    this.fields = model.entries.slice(0, MOST_SLIDERS).map((name, k) => this.slider(name, k));
    this.sliders.append(this.rateSlider());
    if (model.entries.length > MOST_SLIDERS)
      this.sliders.append(html("p", {}, `${model.entries.length - MOST_SLIDERS} more parameters move in steps only.`));
    this.table = html("div", { class: "numbers" });
    this.root.append(controls, this.sliders, this.table, this.status);
    const pictures = html("div", { class: "pictures" });
    if (this.spec.picture) this.prediction = new Prediction(this.table.parentNode, model);
    this.root.append(pictures);
    if (this.spec.picture) this.data = new DataPicture(pictures, model, done => this.changedData(done));
    this.cost = new CostPicture(pictures, model, (k, x, done) => this.moved([k], [x], done));
    if (model.entries.length > 1)
      this.contour = new ContourPicture(pictures, model, (pair, x, y, done) => this.moved(pair, [x, y], done));
    this.losses = new LossPicture(pictures, model);
    this.choice.value = this.optimizer;
    this.levers();
  }

  labeled(text, control) { return html("label", {}, html("span", {}, text), control); }

  slider(name, k) {
    const range = html("input", { type: "range", step: "any", "aria-label": name, oninput: e => this.moved([k], [Number(e.target.value)], false), onchange: () => this.moved([], [], true) });
    const field = html("input", { type: "number", step: "any", "aria-label": `${name}, exact value`, onchange: e => { if (e.target.value !== "") { this.moved([k], [Number(e.target.value)], false); this.moved([], [], true); } } });
    this.sliders.append(html("div", { class: "slider" }, html("span", {}, name), range, field));
    const around = Math.max(1, Math.abs(this.spec.start[k]), Math.abs(this.spec.minimum?.[k] ?? 0)) * 2;
    range.min = -around;
    range.max = around;
    return { range, field };
  }

  rateSlider() {
    const range = html("input", { type: "range", min: -6, max: 2, step: 0.01, "aria-label": "learning rate, logarithmic", oninput: e => this.setRate(10 ** Number(e.target.value)) });
    const field = html("input", { type: "number", step: "any", min: 0, "aria-label": "learning rate", onchange: e => { if (Number(e.target.value) > 0) this.setRate(Number(e.target.value)); } });
    const middle = Math.log10(this.limit ?? this.rate);
    range.min = middle - 4;
    range.max = middle + 1;
    this.rateField = { range, field };
    this.mark = html("span", { class: "limit" });
    if (this.limit) {
      this.mark.textContent = "▲ largest stable " + number(this.limit, 4);
      this.mark.style.left = "80%";
    }
    return html("div", { class: "slider rate" }, html("span", {}, "learning rate"), html("div", { class: "marked" }, range, this.mark), field);
  }

  // Which lever the cost curve shows, and which two the contour does.
  levers() {
    const { entries } = this.model;
    if (entries.length < 2) return;
    const options = () => entries.map((name, k) => html("option", { value: k }, name));
    const one = html("select", { "aria-label": "lever of the cost curve", onchange: e => { this.lever = Number(e.target.value); this.draw(); } }, ...options());
    one.value = this.lever;
    this.cost.chart.figure.querySelector("figcaption").append(" ", one);
    if (entries.length < 3) return;
    const pick = place => {
      const select = html("select", { "aria-label": `axis ${place + 1} of the contour`, onchange: e => {
        const wanted = Number(e.target.value);
        if (this.pair[1 - place] === wanted) this.pair[1 - place] = this.pair[place];
        this.pair[place] = wanted;
        this.contour.stale();
        this.pairs.forEach((s, k) => (s.value = this.pair[k]));
        this.draw();
      } }, ...options());
      select.value = this.pair[place];
      return select;
    };
    this.pairs = [pick(0), pick(1)];
    this.contour.chart.figure.querySelector("figcaption").append(" ", ...this.pairs);
  }

  // -- what happens ------------------------------------------------------------------------------

  step() {
    const went = this.walk.step();
    if (this.second) this.second.step();
    if (!went) this.stop("The loss left the finite numbers: lower the learning rate.");
    this.draw();
    return went;
  }

  back() {
    this.walk.back();
    this.second?.back();
    this.draw();
  }

  toggle() {
    if (this.timer) { this.stop(); return; }
    this.play.textContent = "Pause";
    this.play.setAttribute("aria-pressed", "true");
    const tick = () => {
      this.timer = setTimeout(() => {
        const before = this.walk.last.point;
        const went = this.step();
        const still = this.walk.last.point.every((v, k) => v === before[k]);
        if (!went || still) this.stop(still ? "The point no longer moves." : undefined);
        else if (this.timer) tick();
      }, 1000 / Number(this.speed.value));
    };
    tick();
  }

  stop(words) {
    clearTimeout(this.timer);
    this.timer = null;
    this.play.textContent = "Play";
    this.play.setAttribute("aria-pressed", "false");
    if (words) this.said = words;
  }

  reset() {
    this.stop();
    this.begin(this.spec.start.slice());
    this.draw();
  }

  begin(point) {
    this.walk = new Walk(this.model, point, this.optimizer, this.rate);
    if (this.second) this.second = this.other(this.second.measured ? NUMERIC : this.second.optimizer, point.slice());
    this.said = "";
  }

  choose(name) {
    this.optimizer = name;
    this.begin(this.walk.last.point.slice());
    this.draw();
  }

  beside(name) {
    this.second = name ? this.other(name, this.walk.steps[0].point.slice()) : null;
    if (this.second) for (let k = 1; k < this.walk.steps.length; k++) this.second.step();
    this.draw();
  }

  // The run beside: another optimizer, or the same with measured slopes.
  other(name, point) {
    if (name !== NUMERIC) return new Walk(this.model, point, name, this.rate);
    return new Walk(this.model, point, this.optimizer, this.rate, (p, k) => this.model.numeric(p, k, this.method, this.h(p[k])));
  }

  setRate(rate) {
    this.rate = rate;
    this.walk.rate = rate;
    if (this.second) this.second.rate = rate;
    this.draw();
  }

  // Entries were set by hand: the walk begins anew from there.
  moved(entries, values, done) {
    if (entries.length && values.every(v => v !== null && Number.isFinite(v))) {
      const point = this.walk.last.point.slice();
      entries.forEach((k, j) => (point[k] = values[j]));
      this.begin(point);
    }
    this.draw(!done);
  }

  changedData(done) {
    this.contour?.stale();
    this.begin(this.walk.last.point.slice());
    this.limit = this.model.largestRate(this.walk.last.point);
    if (done) this.ondata?.();
    this.draw(!done);
  }

  // -- what is shown -----------------------------------------------------------------------------

  draw(frozen = false) {
    if (this.pending) { this.pending = { frozen }; return; }
    this.pending = { frozen };
    requestAnimationFrame(() => {
      const { frozen: kept } = this.pending;
      this.pending = null;
      this.render(kept);
    });
  }

  render(frozen) {
    const { walk, model } = this, here = walk.last, next = Number.isFinite(here.loss) ? walk.next() : null;
    this.fields.forEach(({ range, field }, k) => {
      const value = here.point[k];
      if (Math.abs(value) > Number(range.max)) { range.min = -2 * Math.abs(value); range.max = 2 * Math.abs(value); }
      if (document.activeElement !== range) range.value = value;
      if (document.activeElement !== field) field.value = Number(value.toPrecision(9));
    });
    const { range, field } = this.rateField;
    if (document.activeElement !== range) range.value = Math.log10(this.rate);
    if (document.activeElement !== field) field.value = Number(this.rate.toPrecision(4));
    this.table.replaceChildren(this.numbers(here, next));
    this.status.textContent = this.sentence(here, next);
    this.data?.draw(here.point);
    this.prediction?.draw(here.point);
    this.cost.draw(here.point, this.lever, here, next);
    this.contour?.draw(walk, this.pair, frozen);
    this.losses.draw(this.second ? [walk, this.second] : [walk]);
    this.onstand?.(here);
  }

  // Each slope: its formula, its number, what a difference says, where the step leads.
  numbers(here, next) {
    const { model, spec } = this, shown = Math.min(model.entries.length, 12);
    const table = html("table", {}, html("caption", {}, `step ${this.walk.steps.length - 1}: loss ${number(here.loss)}`),
      html("thead", {}, html("tr", {}, ...HEAD.map((w, j) => html("th", { scope: "col" }, j === 3 ? `${w}, ${this.method}` : w)))));
    const body = html("tbody");
    for (let k = 0; k < shown; k++) {
      const numeric = model.numeric(here.point, k, this.method, this.h(here.point[k]));
      const formula = html("td", { class: "formula" });
      const owner = spec.parameters.find(p => k >= p.at && k < p.at + p.count);
      if (k === owner.at) formula.textContent = owner.slope_text;
      body.append(html("tr", {}, html("th", { scope: "row" }, `∂${spec.loss_name}/∂${model.entries[k]}`), formula,
        ...[number(here.slopes[k]), number(numeric), number(numeric - here.slopes[k], 2), next ? number(next.point[k]) : ""].map((v, j) => html("td", { "data-head": HEAD[j + 2] }, v))));
    }
    table.append(body);
    return table;
  }

  sentence(here, next) {
    const steps = this.walk.steps, before = steps[steps.length - 2];
    const parts = [];
    if (before?.came !== undefined) parts.push(`The last step was predicted to change the loss by ${number(before.predicted)}; it came to ${number(before.came)}.`);
    if (next) parts.push(`The next step: slope ${number(next.slope)}, bend ${number(next.curve)}, predicted ${number(next.predicted)}.`);
    if (this.limit && this.rate > this.limit && this.optimizer === "gradient-descent")
      parts.push(`The rate ${number(this.rate, 4)} is above ${number(this.limit, 4)} = 2/λmax: the steps will grow.`);
    if (this.second) parts.push(`Beside it, ${this.second.words}: loss ${number(this.second.last.loss)} at ${this.model.entries.slice(0, 3).map((n, k) => `${n} ${number(this.second.last.point[k], 9)}`).join(", ")}.`);
    if (this.ravine) parts.push(`The loss bends ${number(this.ravine, 3)} times harder one way than another: a ravine, in which steps creep.`);
    if (this.said) parts.push(this.said);
    return parts.join(" ");
  }
}
