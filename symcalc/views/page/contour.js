// Lines of equal loss over two entries: a colored grid with lines by marching squares, levels crowding to the bottom.

import { element, FRAME } from "./chart.js";

// cividis, thinned to nine colors: told apart with every kind of color blindness.
const CIVIDIS = [[0, 34, 78], [18, 53, 112], [59, 73, 108], [87, 93, 109], [112, 113, 115], [138, 134, 120], [165, 156, 116], [195, 179, 105], [225, 204, 85]];
export const SIDE = 41, LEVELS = 12;

// The loss over a grid: {xs, ys, zs (rows by y), levels}.
export function grid(valueAt, xs, ys) {
  const zs = ys.map(y => xs.map(x => valueAt(x, y)));
  const flat = zs.flat().filter(Number.isFinite).sort((a, b) => a - b);
  if (!flat.length) return { xs, ys, zs, levels: null };
  const low = flat[0], high = flat[flat.length - 1];
  if (!(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) return { xs, ys, zs, levels: null };
  const smallest = flat[Math.floor(0.01 * (flat.length - 1))] - low;
  const start = Math.min(Math.max(smallest, 1e-5 * (high - low)), 0.1 * (high - low));
  const levels = [...Array(LEVELS).keys()].map(k => low + start * ((high - low) / start) ** (k / (LEVELS - 1)));
  return { xs, ys, zs, levels };
}

function color(z, levels) {
  if (!Number.isFinite(z)) return [128, 128, 128, 60];
  let k = 0;
  while (k < levels.length && z > levels[k]) k++;
  const t = (k / levels.length) * (CIVIDIS.length - 1), i = Math.min(Math.floor(t), CIVIDIS.length - 2);
  return [...CIVIDIS[i].map((c, j) => Math.round(c + (t - i) * (CIVIDIS[i + 1][j] - c))), 255];
}

// Draws a grid below everything else in a chart. A grid is painted once, however many frames show it.
export function draw(chart, found) {
  if (!found.levels) return;
  const at = [...chart.xs, ...chart.ys].join();
  if (found.at !== at) Object.assign(found, { at, ...painted(chart, found) });
  chart.layer.append(found.image, found.lines);
}

function painted(chart, { xs, ys, zs, levels }) {
  const canvas = document.createElement("canvas");
  canvas.width = xs.length;
  canvas.height = ys.length;
  const context = canvas.getContext("2d"), pixels = context.createImageData(xs.length, ys.length);
  zs.forEach((row, r) => row.forEach((z, c) => pixels.data.set(color(z, levels), 4 * ((ys.length - 1 - r) * xs.length + c))));
  context.putImageData(pixels, 0, 0);
  const half = { x: FRAME.width / (xs.length - 1) / 2, y: FRAME.height / (ys.length - 1) / 2 };
  const image = element("image", {
    x: FRAME.left - half.x, y: FRAME.top - half.y, width: FRAME.width + 2 * half.x, height: FRAME.height + 2 * half.y,
    preserveAspectRatio: "none", href: canvas.toDataURL(),
  });
  let path = "";
  for (const level of levels.slice(0, -1)) path += isoline(chart, xs, ys, zs, level);
  return { image, lines: element("path", { d: path, class: "line iso" }) };
}

function isoline(chart, xs, ys, zs, level) {
  let path = "";
  const cut = (a, b, za, zb) => a + ((level - za) / (zb - za)) * (b - a);
  for (let r = 0; r + 1 < ys.length; r++) for (let c = 0; c + 1 < xs.length; c++) {
    const [a, b, d, e] = [zs[r][c], zs[r][c + 1], zs[r + 1][c + 1], zs[r + 1][c]];
    const kind = (a > level) | ((b > level) << 1) | ((d > level) << 2) | ((e > level) << 3);
    if (kind === 0 || kind === 15 || ![a, b, d, e].every(Number.isFinite)) continue;
    const bottom = () => [cut(xs[c], xs[c + 1], a, b), ys[r]], top = () => [cut(xs[c], xs[c + 1], e, d), ys[r + 1]];
    const left = () => [xs[c], cut(ys[r], ys[r + 1], a, e)], right = () => [xs[c + 1], cut(ys[r], ys[r + 1], b, d)];
    const sides = {
      1: [left, bottom], 14: [left, bottom], 2: [bottom, right], 13: [bottom, right], 4: [right, top], 11: [right, top],
      8: [top, left], 7: [top, left], 3: [left, right], 12: [left, right], 6: [bottom, top], 9: [bottom, top],
      5: [left, top, bottom, right], 10: [left, bottom, top, right],
    }[kind];
    for (let k = 0; k < sides.length; k += 2) {
      const [p, q] = [sides[k](), sides[k + 1]()];
      path += `M${chart.px(p[0]).toFixed(1)} ${chart.py(p[1]).toFixed(1)}L${chart.px(q[0]).toFixed(1)} ${chart.py(q[1]).toFixed(1)}`;
    }
  }
  return path;
}
