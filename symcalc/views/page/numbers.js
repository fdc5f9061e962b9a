// Numbers for people: six significant digits, a real minus sign, powers of ten raised.

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

export function number(x, digits = 6) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e-4 && size < 1e7) {
    const text = x.toPrecision(digits);
    const plain = text.includes("e") ? String(Math.round(x)) : text.includes(".") ? text.replace(/\.?0+$/, "") : text;
    return plain.replace("-", "−");
  }
  const [mantissa, power] = x.toExponential(digits - 1).split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const raised = [...String(Number(power))].map(c => RAISED[c]).join("");
  return (short === "1" ? `10${raised}` : `${short}·10${raised}`).replace("-", "−");
}

// Evenly spaced round numbers between two ends; whole ones only for a count.
export function ticks(low, high, whole = false, count = 5) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(m => m * power).find(s => s >= rough && (!whole || Number.isInteger(s))) ?? (whole ? Math.ceil(rough) : 10 * power);
  const out = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9 * span; k++) out.push(k * step);
  return out;
}

// Powers of ten between two positive ends, at most `count`.
export function powers(low, high, count = 6) {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / count));
  const out = [];
  for (let k = first; k <= last; k += step) out.push(10 ** k);
  return out;
}
