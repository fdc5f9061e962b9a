// A small chart in SVG: axes with ticks, curves, marks, and points that can be dragged or moved with arrow keys.

import { number, powers, ticks } from "./numbers.js";

const NS = "http://www.w3.org/2000/svg";
const WIDE = 420, HIGH = 300, PAD = { left: 84, right: 14, top: 12, bottom: 46 };

export function element(tag, attributes = {}, text = "") {
  const made = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

let made = 0;

export class Chart {
  // options: {x, y: labels; log: logarithmic y; whole: whole numbers along x; title}
  constructor(parent, options) {
    this.options = options;
    this.id = `chart${made++}`;
    this.figure = document.createElement("figure");
    this.figure.className = "chart";
    const caption = document.createElement("figcaption");
    caption.textContent = options.title;
    this.svg = element("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": options.title });
    this.figure.append(caption, this.svg);
    parent.append(this.figure);
    this.handles = new Map();
    this.limits([0, 1], [0, 1]);
  }

  limits(x, y) {
    this.xs = x;
    this.log = Boolean(this.options.log) && y[0] > 0;
    this.ys = y;
  }

  px(x) { return PAD.left + ((x - this.xs[0]) / (this.xs[1] - this.xs[0])) * (WIDE - PAD.left - PAD.right); }

  py(y) {
    const f = this.log ? Math.log10 : v => v;
    const t = (f(y) - f(this.ys[0])) / (f(this.ys[1]) - f(this.ys[0]));
    return HIGH - PAD.bottom - Math.max(-4, Math.min(5, t)) * (HIGH - PAD.top - PAD.bottom);
  }

  ux(px) { return this.xs[0] + ((px - PAD.left) / (WIDE - PAD.left - PAD.right)) * (this.xs[1] - this.xs[0]); }

  uy(py) {
    const t = (HIGH - PAD.bottom - py) / (HIGH - PAD.top - PAD.bottom);
    return this.ys[0] + t * (this.ys[1] - this.ys[0]);
  }

  // Empties the chart and draws its axes; what is added later is clipped to them.
  begin(words) {
    this.svg.setAttribute("aria-label", words ?? this.options.title);
    this.svg.setAttribute("role", "img");
    const kept = document.activeElement?.dataset?.handle;
    this.svg.replaceChildren();
    const frame = { x: PAD.left, y: PAD.top, width: WIDE - PAD.left - PAD.right, height: HIGH - PAD.top - PAD.bottom };
    const clip = element("clipPath", { id: this.id });
    clip.append(element("rect", frame));
    const axes = element("g", { class: "axes", "aria-hidden": "true" });
    const across = ticks(...this.xs, this.options.whole), up = this.log && powers(...this.ys).length > 1 ? powers(...this.ys) : ticks(...this.ys);
    for (const x of across) {
      axes.append(element("line", { x1: this.px(x), x2: this.px(x), y1: PAD.top, y2: HIGH - PAD.bottom, class: "grid" }));
      axes.append(element("text", { x: this.px(x), y: HIGH - PAD.bottom + 16, "text-anchor": "middle" }, number(x, 4)));
    }
    for (const y of up) {
      axes.append(element("line", { x1: PAD.left, x2: WIDE - PAD.right, y1: this.py(y), y2: this.py(y), class: "grid" }));
      axes.append(element("text", { x: PAD.left - 7, y: this.py(y) + 4, "text-anchor": "end" }, number(y, 4)));
    }
    axes.append(element("text", { x: (PAD.left + WIDE - PAD.right) / 2, y: HIGH - 6, "text-anchor": "middle", class: "label" }, this.options.x));
    axes.append(element("text", {
      transform: `translate(14 ${(PAD.top + HIGH - PAD.bottom) / 2}) rotate(-90)`, "text-anchor": "middle", class: "label",
    }, this.options.y));
    this.layer = element("g", { "clip-path": `url(#${this.id})`, "aria-hidden": "true" });
    this.top = element("g");
    this.svg.append(clip, axes, this.layer, this.top);
    this.focused = kept;
  }

  curve(xs, ys, role) {
    let path = "", pen = "M";
    for (let k = 0; k < xs.length; k++) {
      if (!Number.isFinite(ys[k]) || (this.log && ys[k] <= 0)) { pen = "M"; continue; }
      path += `${pen}${this.px(xs[k]).toFixed(2)} ${this.py(ys[k]).toFixed(2)}`;
      pen = "L";
    }
    this.layer.append(element("path", { d: path, class: `line ${role}` }));
  }

  segment(x1, y1, x2, y2, role, marker = "") {
    const line = { x1: this.px(x1), y1: this.py(y1), x2: this.px(x2), y2: this.py(y2), class: `line ${role}` };
    this.layer.append(element("line", marker ? { ...line, "marker-end": `url(#${marker})` } : line));
  }

  marks(xs, ys, role, radius = 4) {
    xs.forEach((x, k) => {
      if (Number.isFinite(ys[k])) this.layer.append(element("circle", { cx: this.px(x), cy: this.py(ys[k]), r: radius, class: `mark ${role}` }));
    });
  }

  diamond(x, y, role, r = 8) {
    const [cx, cy] = [this.px(x), this.py(y)];
    this.layer.append(element("path", { d: `M${cx} ${cy - r}L${cx + r} ${cy}L${cx} ${cy + r}L${cx - r} ${cy}Z`, class: `mark ${role}` }));
  }

  cross(x, y, role, r = 6) {
    const [cx, cy] = [this.px(x), this.py(y)];
    this.layer.append(element("path", { d: `M${cx - r} ${cy - r}L${cx + r} ${cy + r}M${cx - r} ${cy + r}L${cx + r} ${cy - r}`, class: `line ${role}` }));
  }

  // A point that can be moved: {x, y} free directions; onmove(x, y) is called with values of the axes.
  handle(key, x, y, words, onmove, free = { x: true, y: true }) {
    const dot = element("circle", {
      cx: this.px(x), cy: this.py(y), r: 8, class: "handle", tabindex: 0, role: "slider", "aria-label": words,
      "aria-valuetext": `${number(x)}, ${number(y)}`, "aria-valuenow": x, "data-handle": key,
    });
    const place = event => {
      const box = this.svg.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * WIDE, ((event.clientY - box.top) / box.height) * HIGH];
    };
    dot.addEventListener("pointerdown", event => {
      event.preventDefault();
      dot.focus();
      const frozen = { xs: this.xs, ys: this.ys };
      this.dragging = key;
      const move = e => {
        const [px, py] = place(e);
        Object.assign(this, { xs: frozen.xs, ys: frozen.ys });
        onmove(free.x ? this.ux(px) : x, free.y ? this.uy(py) : y, false);
      };
      const up = () => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", up);
        this.dragging = null;
        onmove(null, null, true);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", up);
    });
    dot.addEventListener("keydown", event => {
      const fine = event.shiftKey ? 0.1 : 1;
      const dx = (fine * (this.xs[1] - this.xs[0])) / 50, dy = (fine * (this.ys[1] - this.ys[0])) / 50;
      const by = { ArrowLeft: [-dx, 0], ArrowRight: [dx, 0], ArrowUp: [0, dy], ArrowDown: [0, -dy] }[event.key];
      if (!by) return;
      event.preventDefault();
      onmove(free.x ? x + by[0] : x, free.y ? y + by[1] : y, false);
      onmove(null, null, true);
    });
    // What is inside an image is hidden from screen readers; a point to move must not be.
    this.svg.setAttribute("role", "group");
    this.top.append(dot);
    if (this.focused === key) dot.focus();
  }

  // What each kind of line is; at the right where the curves begin at the upper left.
  legend(items, right = false) {
    const g = element("g", { class: "legend" }), left = right ? WIDE - PAD.right - 196 : PAD.left + 8;
    items.forEach(([role, text], k) => {
      const y = PAD.top + 12 + 15 * k;
      g.append(element("line", { x1: left, x2: left + 20, y1: y - 4, y2: y - 4, class: `line ${role}` }));
      g.append(element("text", { x: left + 26, y }, text));
    });
    this.top.append(g);
  }
}

export const FRAME = { left: PAD.left, top: PAD.top, width: WIDE - PAD.left - PAD.right, height: HIGH - PAD.top - PAD.bottom };
