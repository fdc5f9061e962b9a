// The explorer: what is typed goes to the server at once; the last good result stays while the text is wrong.

import { html, mount } from "./bench.js";
import { lights } from "./lights.js";
import { markup } from "./markup.js";
import { Panels } from "./panels.js";
import { Past } from "./past.js";
import { TablePanel } from "./table.js";
import { Typing } from "./typing.js";

const at = id => document.getElementById(id);
// Milliseconds without a key after which the bench follows, longer than a quick typist's pause; the derivation comes later.
const REST = 180, LONG_REST = 250;
const KINDS = ["parameter", "constant", "column"];

async function heard(address, options) {
  try {
    return await (await fetch(address, options)).json();
  } catch {
    return { error: { reason: "symcalc does not answer: is it still running in its terminal?" } };
  }
}

const ask = (name, document) => heard(`/ask/${name}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(document) });

class Explorer {
  // start is what the page begins with and the lessons; first promises the answer to that beginning.
  constructor(start, first) {
    this.state = { formula: "", data: null, kinds: {}, values: {} };
    this.names = [];
    this.asked = 0;
    this.typing = new Typing(at("formula"), at("offers"), at("fault"), text => this.typed(text), () => this.names);
    this.table = new TablePanel(at("table"), start.lessons, ask, (data, lesson) => this.newData(data, lesson));
    this.dark = lights(document.querySelector("main"), at("origin"));
    this.panels = new Panels(at("panels"), () => this.question(), ask);
    this.past = new Past(at("undo"), at("redo"), at("history"), state => this.go(state));
    at("share").onclick = () => this.share();
    at("take").onchange = e => { this.take(e.target.value); e.target.value = ""; };
    addEventListener("hashchange", () => { const shared = this.shared(); if (shared) this.go(shared); });
    const shared = this.shared();
    this.go(shared ?? start.state, shared ? null : first);
    first.then(() => this.offer());
  }

  // What can be completed and chosen; nobody misses it before the first slope is there.
  async offer() {
    const found = await ask("offers", {});
    if (found.error) return;
    this.typing.words = found.words;
    this.panels.runs.offer(found.optimizers);
  }

  // -- where we are ------------------------------------------------------------------------------

  question() {
    return { ...this.state, point: this.bench ? this.named(this.bench.walk.last.point) : null };
  }

  // A flat point by the names of its parameters.
  named(flat) { return Object.fromEntries(this.bench.spec.parameters.map(p => [p.name, this.shaped(flat.slice(p.at, p.at + p.count), p.shape)])); }

  shaped(flat, shape) {
    if (!shape.length) return flat[0];
    if (shape.length === 1) return flat;
    const size = flat.length / shape[0];
    return [...Array(shape[0]).keys()].map(k => this.shaped(flat.slice(k * size, (k + 1) * size), shape.slice(1)));
  }

  go(state, first = null) {
    const { point, ...rest } = structuredClone(state);
    this.state = { formula: "", data: null, kinds: {}, values: {}, ...rest };
    at("formula").value = this.state.formula;
    if (this.state.data?.lesson) this.table.lesson(this.state.data.lesson, true);
    else if (this.state.data?.text) this.table.text(this.state.data.text, this.state.data.name, true);
    else this.table.lesson("", true);
    this.derive({ first, point });
  }

  typed(text) {
    this.state = { ...this.state, formula: text };
    this.derive({ rest: REST });
  }

  newData(data, lesson) {
    this.state = { ...this.state, data };
    // A lesson brings its loss along where the one at hand does not fit its columns.
    if (lesson && this.names.some(n => n.kind === "column" && !(n.name in lesson.columns))) {
      this.state.formula = lesson.loss;
      at("formula").value = lesson.loss;
    }
    this.derive();
  }

  // -- asking ------------------------------------------------------------------------------------

  // first: the answer, where it was asked for already; point: where to begin, where not at the point at hand; rest: how
  // long the bench waits for another key.
  async derive({ first = null, point = null, rest = 0 } = {}) {
    const mine = ++this.asked, begun = performance.now(), state = structuredClone(this.state);
    if (!state.formula.trim()) { this.typing.show({ reason: "Type a loss, such as mean((y - (m*x + b))^2)." }); return; }
    const start = point ?? this.question().point;
    const answer = await (first ?? ask("derive", state));
    // Only the latest question counts.
    if (mine !== this.asked) return;
    at("data").hidden = false;
    requestAnimationFrame(() => { this.painted = performance.now() - begun; });
    if (answer.error) {
      this.typing.show(answer.error);
      at("panels").hidden = false;
      for (const id of ["typeset", "slopes"]) at(id).classList.add("stale");
      this.settled = mine;
      return;
    }
    this.typing.show(null);
    // A lesson that was named brings its table.
    if (answer.lesson) {
      this.table.lesson(answer.lesson, true);
      this.state.data = state.data = this.table.data;
    }
    this.show(answer);
    // While keys are pressed, formulas count; the bench follows when they rest.
    await new Promise(done => setTimeout(done, rest));
    if (mine !== this.asked) return;
    // The bench at hand is that of the state before.
    if (this.bench) this.bench.onstand = null;
    this.past.remember(state);
    const found = await ask("bench", { ...state, start });
    if (mine !== this.asked) return;
    if (found.no_bench) at("notes").append(html("p", {}, `note: ${found.no_bench}`));
    await this.walk(found, mine);
    if (mine !== this.asked) return;
    at("walk").hidden = false;
    await new Promise(done => setTimeout(done, LONG_REST));
    if (mine !== this.asked) return;
    const why = await ask("why", { ...state, point: this.question().point });
    if (mine !== this.asked) return;
    if (!why.error) this.panels.explained(why);
    // What fills late is shown when it is full: nothing that is seen moves.
    at("panels").hidden = false;
    const checked = await ask("verdict", state);
    if (mine === this.asked && !checked.error) {
      at("verdict").textContent = checked.sentence;
      at("verdict").className = checked.good ? "good" : "bad";
    }
    if (mine === this.asked) this.settled = mine;
  }

  show(answer) {
    this.names = answer.names;
    at("typeset").replaceChildren(markup(answer.statements));
    at("slopes").replaceChildren(...answer.slopes.map(s => markup(s.html)));
    for (const id of ["typeset", "slopes"]) at(id).classList.remove("stale");
    this.dark();
    at("verdict").textContent = "checking …";
    at("verdict").className = "";
    at("notes").replaceChildren(...answer.notes.map(n => html("p", {}, `note: ${n}`)));
    const focused = document.activeElement?.dataset?.chip;
    at("chips").replaceChildren(...answer.names.filter(n => n.kind !== "definition").map(n => this.chip(n)));
    if (focused) at("chips").querySelector(`[data-chip="${CSS.escape(focused)}"]`)?.focus();
    this.panels.derived(answer);
  }

  chip(name) {
    const select = html("select", { "aria-label": `${name.name} is a`, "data-chip": name.name, onchange: e => {
      this.state = { ...this.state, kinds: { ...this.state.kinds, [name.name]: e.target.value } };
      if (e.target.value !== "constant") { this.state.values = { ...this.state.values }; delete this.state.values[name.name]; }
      this.derive();
    } }, ...KINDS.map(k => html("option", { value: k, selected: k === name.kind }, k)));
    const parts = [html("code", {}, name.name), select];
    if (name.kind === "constant" && typeof name.value === "number")
      parts.push(html("input", { type: "number", step: "any", value: name.value, "aria-label": `value of ${name.name}`, onchange: e => {
        if (e.target.value === "") return;
        this.state = { ...this.state, kinds: { ...this.state.kinds, [name.name]: "constant" }, values: { ...this.state.values, [name.name]: Number(e.target.value) } };
        this.derive();
      } }));
    return html("span", { class: "chip", title: name.how }, ...parts);
  }

  async walk(answer, mine) {
    if (!answer.bench) { this.bench?.stop(); this.bench = null; at("bench").replaceChildren(); return; }
    const code = (await import(`/code/${answer.code}.js`)).default;
    if (mine !== this.asked) return;
    const old = this.bench;
    old?.stop();
    at("bench").replaceChildren();
    this.bench = mount(at("bench"), { ...answer.bench, rate: null }, code);
    this.bench.ondata = () => this.draggedData();
    let moved = false;
    this.bench.onstand = ({ point }) => {
      moved ||= point.some((v, k) => v !== this.bench.spec.start[k]);
      if (point.every(Number.isFinite)) this.past.stand(this.named(point), moved);
    };
    this.offerRescaling();
    window.symcalc = this.bench;
  }

  // A ravine over one column goes away where the column is standardized: one press writes that.
  offerRescaling() {
    const x = this.bench.spec.picture?.x, z = ["z", "z1", "z2"].find(w => !this.names.some(n => n.name === w));
    if (!this.bench.ravine || !x || !z) return;
    const alone = new RegExp(`(?<![\\p{L}\\p{N}_])${x.replace(/[^\p{L}\p{N}_]/gu, "\\$&")}(?![\\p{L}\\p{N}_(])`, "gu");
    const text = this.state.formula.replace(alone, z);
    if (text === this.state.formula || text.includes("\\")) return;
    at("notes").append(html("p", {}, `The loss is a ravine over ${x}: steps creep. `, html("button", { type: "button", onclick: () => {
      at("formula").value = `${z} = (${x} - mean(${x}))/std(${x});  ${text}`;
      this.typed(at("formula").value);
      at("formula").focus();
    } }, `Rescale ${x}`)));
  }

  // A point of the data picture was moved: the table follows, and so does everything that is asked next.
  draggedData() {
    const { x, y } = this.bench.spec.picture, columns = structuredClone(this.table.columns);
    for (const name of [x, y]) if (name in columns) columns[name] = this.bench.model.columns[name].slice();
    const quiet = this.table.changed;
    this.table.changed = data => { this.state = { ...this.state, data }; };
    this.table.edited(columns);
    this.table.changed = quiet;
    this.table.draw();
    this.past.remember(this.state);
  }

  // -- sharing -----------------------------------------------------------------------

  // Everything stands in the part of the address that browsers never send.
  async share() {
    const bytes = new TextEncoder().encode(JSON.stringify(this.question()));
    location.hash = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    try { await navigator.clipboard.writeText(location.href); this.say("The link is copied."); } catch { this.say("The link is in the address bar."); }
  }

  shared() {
    try {
      const bytes = Uint8Array.from(atob(location.hash.slice(1).replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
      const state = bytes.length ? JSON.parse(new TextDecoder().decode(bytes)) : null;
      return typeof state?.formula === "string" ? state : null;
    } catch { return null; }
  }

  say(words) {
    at("status").textContent = words;
    setTimeout(() => (at("status").textContent = ""), 3000);
  }

  // -- taking away -------------------------------------------------------------------------------

  async take(kind) {
    if (!kind) return;
    if (kind === "run" && this.bench) {
      const { entries } = this.bench.model;
      this.save("run.json", JSON.stringify({ formula: this.state.formula, optimizer: this.bench.optimizer, learning_rate: this.bench.rate, entries,
        steps: this.bench.walk.steps.map((s, index) => ({ index, point: s.point, loss: s.loss, gradient: s.slopes, predicted_change: s.predicted, actual_change: s.came ?? null })) }, null, 1), "application/json");
      return;
    }
    if ((kind === "svg" || kind === "png") && this.bench) { this.picture(kind); return; }
    const bench = this.bench, begin = kind === "gif" && bench ? { begin: this.named(bench.walk.steps[0].point), optimizer: bench.optimizer, learning_rate: bench.rate, walked: bench.walk.steps.length - 1 } : {};
    if (kind === "gif") this.say("drawing …");
    const found = await ask("export", { ...this.question(), ...begin, kind });
    if (found.error) this.say(found.error.reason);
    else if (found.address) this.save(found.name, Uint8Array.from(atob(found.address.split(",")[1]), c => c.charCodeAt(0)), "image/gif");
    else this.save(found.name, found.text, "text/plain");
  }

  // The pictures as they stand, with their styles written into them.
  picture(kind) {
    const all = [...document.querySelectorAll(".chart svg")], wide = 420, high = 300;
    const copies = all.map((svg, k) => {
      const copy = svg.cloneNode(true), mine = svg.querySelectorAll("*");
      copy.querySelectorAll("*").forEach((node, j) => {
        const style = getComputedStyle(mine[j]);
        for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "text-anchor"]) node.style.setProperty(name, style.getPropertyValue(name));
      });
      copy.setAttribute("x", (k % 2) * wide);
      copy.setAttribute("y", Math.floor(k / 2) * high);
      copy.setAttribute("width", wide);
      copy.setAttribute("height", high);
      return new XMLSerializer().serializeToString(copy);
    });
    const height = Math.ceil(all.length / 2) * high, paper = getComputedStyle(document.body).backgroundColor;
    const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * wide}" height="${height}"><rect width="100%" height="100%" fill="${paper}"/>${copies.join("")}</svg>`;
    if (kind === "svg") { this.save("pictures.svg", text, "image/svg+xml"); return; }
    const image = new Image();
    image.onload = () => {
      const canvas = html("canvas", { width: 4 * wide, height: 2 * height });
      canvas.getContext("2d").drawImage(image, 0, 0, 4 * wide, 2 * height);
      canvas.toBlob(blob => this.save("pictures.png", blob, "image/png"));
    };
    image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  }

  save(name, content, type) {
    const link = html("a", { href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type })), download: name });
    link.click();
    this.say(`${name} is saved.`);
  }
}

const first = heard("/first");
window.explorer = new Explorer(await heard("/start"), first);
