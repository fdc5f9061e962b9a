// Where the page has been: undo and redo while it is open, and a history that this browser keeps on this machine.

import { html } from "./bench.js";

const KEY = "symcalc history", MOST = 30;
// What a browser lets a page keep is about 5 million letters; tables are written with the losses they belong to.
const ROOM = 2_000_000;

// A place is {text, point}: a state as JSON, and where one stood there; the menu calls it by its formula and table.
const called = ({ text }) => {
  const { formula, data } = JSON.parse(text);
  return formula.slice(0, 60) + (data ? ` · ${data.lesson ?? data.name}` : "");
};

export class Past {
  // undo, redo, menu: the controls; go(state) brings a state back, with its point.
  constructor(undo, redo, menu, go) {
    Object.assign(this, { undo, redo, menu, go, before: [], after: [], now: null, kept: read() });
    undo.onclick = () => this.travel(this.before, this.after);
    redo.onclick = () => this.travel(this.after, this.before);
    menu.onchange = () => this.chosen(menu.value);
    addEventListener("pagehide", () => this.write());
    // Another page of this explorer wrote its history: what it kept is kept here too.
    addEventListener("storage", e => { if (e.key === KEY) this.joined(); });
    this.draw();
  }

  // A state that was understood. After a reload the first one keeps the point that was kept with it, until one moves.
  remember(state) {
    const text = JSON.stringify(state);
    if (this.now?.text === text) return;
    const known = this.now ? null : this.kept.find(e => e.text === text);
    if (this.now) { this.before.push(this.now); this.after = []; }
    this.keep({ text, point: known?.point ?? null });
  }

  // Where one stands by now; where a bench merely begins says nothing about a place that is known already.
  stand(point, moved) { if (this.now && (moved || !this.now.point)) this.now.point = point; }

  travel(from, to) {
    if (!from.length) return;
    to.push(this.now);
    this.keep(from.pop());
    this.back(this.now);
  }

  chosen(value) {
    this.menu.value = "";
    if (value === "forget") { this.kept = this.now ? [this.now] : []; this.write(); this.draw(); }
    else if (value !== "") this.back(this.kept[Number(value)]);
  }

  back({ text, point }) {
    const state = JSON.parse(text);
    // Chosen from the menu it is a new place, and undo leads back; its point comes along.
    if (this.now && this.now.text !== text) { this.before.push(this.now); this.after = []; this.keep({ text, point }); }
    this.go({ ...state, point });
  }

  keep(place) {
    this.now = place;
    const name = called(place);
    this.kept = [place, ...this.kept.filter(e => called(e) !== name)].slice(0, MOST);
    this.write();
    this.draw();
  }

  joined() {
    this.kept = this.now ? [this.now, ...read().filter(e => called(e) !== called(this.now))] : read();
    this.draw();
  }

  draw() {
    this.undo.disabled = !this.before.length;
    this.redo.disabled = !this.after.length;
    this.menu.replaceChildren(html("option", { value: "" }, "…"), ...this.kept.map((e, k) => html("option", { value: k }, called(e))),
      html("option", { value: "forget" }, "forget the others"));
  }

  write() {
    let room = ROOM;
    const small = this.kept.filter(({ text }) => (room -= text.length) >= 0);
    // A browser may refuse to keep anything; the history then ends with the page.
    try { localStorage.setItem(KEY, JSON.stringify(small)); } catch { /* nothing is kept */ }
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)).filter(e => typeof JSON.parse(e.text).formula === "string");
  } catch { return []; }
}
