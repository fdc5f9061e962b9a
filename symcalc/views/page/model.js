// A loss in the browser: its value, slopes and bends at a point, numeric slopes, and descents.
//
// `spec` is the document that symcalc.views.page.spec makes; `code` holds the functions that symcalc
// printed from the same equations that its NumPy runs: evaluate, product, trained, model, rules.

export class Model {
  constructor(spec, code) {
    this.spec = spec;
    this.code = code;
    this.entries = spec.entries;
    this.columns = Object.fromEntries(spec.columns.map(c => [c.name, c.values.slice()]));
    this.rows = spec.rows;
  }

  // Everything `evaluate` is given, for a flat point.
  given(point) {
    const out = {};
    for (const c of this.spec.columns) out[c.word] = this.columns[c.name];
    for (const c of this.spec.constants) out[c.word] = c.value;
    this.put(out, point, p => p.word);
    return out;
  }

  put(out, flat, wordOf) {
    let at = 0;
    for (const p of this.spec.parameters) {
      const word = wordOf(p);
      if (word) out[word] = p.shape.length ? flat.slice(at, at + p.count) : flat[at];
      at += p.count;
    }
  }

  sizes(rows = this.rows) {
    return Object.fromEntries(Object.entries(this.spec.sizes).map(([w, s]) => [w, s === null ? rows : s]));
  }

  // {value, slopes}: slopes flat, in the order of the entries; 0 for a parameter the loss does not contain.
  at(point) {
    const { value, slopes } = this.code.evaluate(this.given(point), this.sizes());
    return { value, slopes: this.flat(slopes) };
  }

  value(point) { return this.code.evaluate(this.given(point), this.sizes()).value; }

  flat(parts) {
    const out = [];
    for (const part of parts) { if (typeof part === "number") out.push(part); else out.push(...part); }
    return out;
  }

  // The Hessian times a direction.
  bend(point, direction) {
    const given = this.given(point);
    this.put(given, direction, p => p.direction);
    return this.flat(this.code.product(given, this.sizes()));
  }

  hessian(point) {
    return point.map((_, k) => this.bend(point, point.map((_, j) => (j === k ? 1 : 0))));
  }

  // The slope along one entry as a difference: what one would measure without calculus.
  numeric(point, k, method, h) {
    const at = x => this.value(point.map((v, j) => (j === k ? x : v)));
    const x = point[k];
    if (method === "forward") return (at(x + h) - at(x)) / (x + h - x);
    if (method === "backward") return (at(x) - at(x - h)) / (x - (x - h));
    if (method === "five-point")
      return (8 * (at(x + h) - at(x - h)) - (at(x + 2 * h) - at(x - 2 * h))) / (12 * h);
    return (at(x + h) - at(x - h)) / (x + h - (x - h));
  }

  // The model's values for a grid of the one column it is drawn over; null where there is no such picture.
  curve(point, grid) {
    const { x } = this.spec.picture;
    const given = this.given(point);
    const word = this.spec.columns.find(c => c.name === x).word;
    const kept = this.code.trained(given, this.sizes());
    return Array.from(this.code.model({ ...given, ...kept, [word]: grid }, this.sizes(grid.length), grid.length));
  }

  // Largest stable rate 2/λmax and the bends along the eigenvectors, where the loss has few parameters.
  bends(point) {
    if (point.length > 12) return null;
    const H = this.hessian(point);
    if (H.flat().some(v => !Number.isFinite(v))) return null;
    return eigen(H);
  }

  // How many times harder the loss bends one way than another, where that makes steps creep; else null.
  ravine(point) {
    const bends = this.bends(point)?.values.filter(v => v > 0) ?? [];
    const ratio = bends.length > 1 ? bends[0] / bends[bends.length - 1] : 1;
    return ratio > 1e3 ? ratio : null;
  }

  largestRate(point) {
    const found = this.bends(point);
    if (!found) return null;
    const most = Math.max(...found.values);
    return most > 0 ? 2 / most : null;
  }
}

// One walk: stands at a point, takes steps by a rule, and can go back.
export class Walk {
  // measured(point, k), where given, is what it takes for the slope along an entry: a difference, say.
  constructor(model, point, optimizer, rate, measured = null) {
    this.model = model;
    this.measured = measured;
    this.optimizer = optimizer;
    this.rate = rate;
    this.steps = [this.stand(point, this.fresh(point.length))];
  }

  fresh(size) {
    return Object.fromEntries(this.model.code.rules[this.optimizer].memory.map(w => [w, new Array(size).fill(0)]));
  }

  stand(point, state) {
    const { value, slopes: exact } = this.model.at(point);
    const slopes = this.measured ? point.map((_, k) => this.measured(point, k)) : exact;
    return { point, loss: value, slopes, state, predicted: null, slope: null, curve: null };
  }

  get words() { return this.measured ? `${this.optimizer}, numeric slopes` : this.optimizer; }

  get last() { return this.steps[this.steps.length - 1]; }

  // The step from here as it would be: where to, and what change of the loss is predicted.
  next(rate = this.rate) {
    const here = this.last;
    const point = here.point.slice();
    const state = Object.fromEntries(Object.entries(here.state).map(([k, v]) => [k, v.slice()]));
    this.model.code.rules[this.optimizer].step(point, here.slopes, rate, this.steps.length, state);
    const d = point.map((v, k) => v - here.point[k]);
    const slope = d.reduce((sum, v, k) => sum + v * here.slopes[k], 0);
    const curve = this.model.bend(here.point, d).reduce((sum, v, k) => sum + v * d[k], 0) / 2;
    return { point, state, d, slope, curve, predicted: slope + curve };
  }

  step() {
    const here = this.last, to = this.next();
    if (!Number.isFinite(here.loss)) return false;
    Object.assign(here, { predicted: to.predicted, slope: to.slope, curve: to.curve });
    this.steps.push(this.stand(to.point, to.state));
    here.came = this.last.loss - here.loss;
    return Number.isFinite(this.last.loss);
  }

  back() { if (this.steps.length > 1) this.steps.pop(); }
}

// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, largest value first.
export function eigen(H) {
  const n = H.length;
  const a = H.map((row, i) => row.map((v, j) => (v + H[j][i]) / 2));
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += a[p][q] ** 2;
    if (off === 0) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) {
      if (a[p][q] === 0) continue;
      const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
      const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
      const c = 1 / Math.hypot(t, 1), s = t * c;
      for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
      for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
      for (let k = 0; k < n; k++) [v[k][p], v[k][q]] = [c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]];
    }
  }
  const order = [...Array(n).keys()].sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map(i => a[i][i]), vectors: order.map(i => v.map(row => row[i])) };
}
