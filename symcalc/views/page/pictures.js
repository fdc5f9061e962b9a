// The four pictures of a loss: data with the model, cost curve with tangent, contour with path, loss at each step.

import { Chart } from "./chart.js";
import { draw, grid, SIDE } from "./contour.js";
import { number } from "./numbers.js";

const POINTS = 121;
export const span = (low, high, count) => [...Array(count).keys()].map(k => low + ((high - low) * k) / (count - 1));

function around(values, share = 0.1) {
  const finite = values.filter(Number.isFinite);
  if (!finite.length) return [0, 1];
  let low = Math.min(...finite), high = Math.max(...finite);
  if (!(high - low > 1e-12 * Math.max(1, Math.abs(low)))) [low, high] = [low - 0.5 * Math.max(1, Math.abs(low)), high + 0.5 * Math.max(1, Math.abs(high))];
  const room = share * (high - low);
  return [low - room, high + room];
}

// Data with the model; points can be dragged, and `changed` is told.
export class DataPicture {
  constructor(parent, model, changed) {
    const { x, y, x_label, y_label } = model.spec.picture;
    this.model = model;
    this.changed = changed;
    this.names = { x, y };
    this.chart = new Chart(parent, { title: "Data and model", x: x_label, y: y_label });
  }

  draw(point) {
    const { model, chart, names } = this, xs = model.columns[names.x], ys = model.columns[names.y];
    if (!chart.dragging) {
      this.x = around(xs);
      this.y = around(ys, 0.25);
    }
    chart.limits(this.x, this.y);
    const across = span(...this.x, POINTS), curve = model.curve(point, across), fitted = model.curve(point, xs);
    chart.begin(`${xs.length} rows of ${names.y} against ${names.x}, and the model.`);
    if (xs.length <= 200) xs.forEach((x, k) => chart.segment(x, ys[k], x, fitted[k], "residual"));
    chart.curve(across, curve, "model");
    if (xs.length > 40) { chart.marks(xs, ys, "data", 3); return; }
    xs.forEach((x, k) => chart.handle(`row${k}`, x, ys[k], `row ${k + 1}: ${names.x} ${number(x)}, ${names.y} ${number(ys[k])}`, (nx, ny, done) => {
      if (!done) { xs[k] = nx; ys[k] = ny; }
      this.changed(done);
    }));
  }
}

// The loss along one entry, its tangent, the next step: predicted and true landing.
export class CostPicture {
  constructor(parent, model, moved) {
    this.model = model;
    this.moved = moved;
    this.chart = new Chart(parent, { title: "Loss along one lever", x: "", y: `loss ${model.spec.loss_name}` });
  }

  draw(point, k, here, next) {
    const { model, chart } = this, x = point[k], f = v => model.value(point.map((w, j) => (j === k ? v : w)));
    const bend = model.bend(point, point.map((_, j) => (j === k ? 1 : 0)))[k], slope = here.slopes[k];
    const way = next ? next.d[k] : 0;
    if (!chart.dragging) {
      const seen = [x, x + way];
      if (bend > 0 && Number.isFinite(slope / bend)) seen.push(x - slope / bend, x - (1.6 * slope) / bend);
      this.x = around(seen, 0.2);
    }
    const xs = span(...this.x, POINTS), ys = xs.map(f);
    const known = [here.loss, f(x + way), here.loss + slope * way + (bend * way * way) / 2].filter(Number.isFinite);
    const finite = ys.filter(Number.isFinite), low = Math.min(...finite, ...known), rise = Math.max(...known) - low;
    let high = Math.max(...finite);
    if (rise > 0.02 * (high - low)) high = Math.min(high, low + 2.5 * rise);
    if (!chart.dragging) this.y = around([low, high], 0.08);
    chart.options.x = model.entries[k];
    chart.limits(this.x, this.y);
    chart.begin(`The loss along ${model.entries[k]}: ${number(here.loss)} at ${number(x)}, slope ${number(slope)}.`);
    chart.curve(xs, ys, "curve");
    const reach = (this.x[1] - this.x[0]) / 4;
    chart.segment(x - reach, here.loss - slope * reach, x + reach, here.loss + slope * reach, "tangent");
    if (way) {
      chart.segment(x, here.loss, x + way, here.loss + slope * way + (bend * way * way) / 2, "step");
      chart.diamond(x + way, here.loss + slope * way + (bend * way * way) / 2, "predicted");
      chart.cross(x + way, f(x + way), "landing");
    }
    chart.handle("cost", x, here.loss, `${model.entries[k]} ${number(x)}`, (nx, _, done) => this.moved(k, nx, done), { x: true, y: false });
    chart.legend([["curve", "loss"], ["tangent", `slope ${number(slope)}`], ...(way ? [["step", "next step, as predicted"]] : [])], slope < 0);
  }
}

// Lines of equal loss over two entries, the path of the walk, and a point to drag.
export class ContourPicture {
  constructor(parent, model, moved) {
    this.model = model;
    this.moved = moved;
    this.chart = new Chart(parent, { title: "Loss from above", x: "", y: "" });
    this.kept = null;
  }

  // Forgets the grid: the data changed.
  stale() { this.kept = null; }

  draw(walk, pair, frozen) {
    const { model, chart } = this, path = walk.steps.map(s => s.point), last = path[path.length - 1];
    const finite = path.filter(p => pair.every(k => Number.isFinite(p[k]) && Math.abs(p[k]) < 1e12));
    const inside = p => this.x && p[pair[0]] >= this.x[0] && p[pair[0]] <= this.x[1] && p[pair[1]] >= this.y[0] && p[pair[1]] <= this.y[1];
    if (!this.kept || this.pair !== pair.join() || (!frozen && !chart.dragging && !finite.every(inside))) {
      const target = model.spec.minimum;
      const seen = k => [...finite.map(p => p[k]), ...(target ? [target[k]] : []), ...this.landing(last, pair, k)];
      this.x = around(seen(pair[0]), 0.35);
      this.y = around(seen(pair[1]), 0.35);
      const begun = performance.now();
      model.value(last);
      const each = Math.max(performance.now() - begun, 1e-4), side = Math.max(9, Math.min(SIDE, Math.floor(Math.sqrt(400 / each))));
      const at = (x, y) => model.value(last.map((v, k) => (k === pair[0] ? x : k === pair[1] ? y : v)));
      this.kept = grid(at, span(...this.x, side), span(...this.y, side));
      this.pair = pair.join();
    }
    [chart.options.x, chart.options.y] = pair.map(k => model.entries[k]);
    chart.limits(this.x, this.y);
    chart.begin(`Lines of equal loss over ${chart.options.x} and ${chart.options.y}; ${path.length - 1} steps walked.`);
    draw(chart, this.kept);
    chart.curve(finite.map(p => p[pair[0]]), finite.map(p => p[pair[1]]), "path");
    if (finite.length <= 200) chart.marks(finite.map(p => p[pair[0]]), finite.map(p => p[pair[1]]), "visited", 2.5);
    if (model.spec.minimum) chart.diamond(model.spec.minimum[pair[0]], model.spec.minimum[pair[1]], "minimum", 6);
    chart.handle("contour", last[pair[0]], last[pair[1]], "the point", (x, y, done) => this.moved(pair, x, y, done));
  }

  // Where a Newton step along each entry would land: shows the bottom of the bowl.
  landing(point, pair, k) {
    const unit = point.map((_, j) => (j === k ? 1 : 0));
    const bend = this.model.bend(point, unit)[k], slope = this.model.at(point).slopes[k];
    const way = bend > 0 ? -slope / bend : 0;
    return Number.isFinite(way) ? [point[k] + way, point[k] + 1.5 * way] : [];
  }
}

// The loss at every step, of one walk or two.
export class LossPicture {
  constructor(parent, model) {
    this.chart = new Chart(parent, { title: "Loss at each step", x: "step", y: `loss ${model.spec.loss_name}`, log: true, whole: true });
  }

  draw(walks) {
    const { chart } = this, all = walks.map(w => w.steps.map(s => s.loss));
    const first = Math.abs(all[0][0]) || 1, kept = all.map(a => a.filter(v => Number.isFinite(v) && Math.abs(v) <= 1e3 * first));
    const longest = Math.max(...kept.map(a => a.length)), across = [-0.02 * Math.max(longest - 1, 1), Math.max(longest - 1, 1)];
    const [low, high] = kept.flat().reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    if (low > 0) chart.limits(across, low === high ? [low / 2, high * 2] : [low / (high / low) ** 0.07, high * (high / low) ** 0.07]);
    else chart.limits(across, around([low, high]));
    chart.begin(`The loss after ${longest - 1} steps: ${number(kept[0][kept[0].length - 1] ?? NaN)}.`);
    kept.forEach((a, k) => {
      chart.curve(a.map((_, i) => i), a, k ? "second" : "curve");
      if (a.length <= 60) chart.marks(a.map((_, i) => i), a, k ? "second" : "visited", 2.5);
    });
    if (walks.length > 1) chart.legend(walks.map((w, k) => [k ? "second" : "curve", w.words]), true);
  }
}
