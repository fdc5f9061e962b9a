// What the model says of a new row: type the one column, read the other.

import { html } from "./bench.js";
import { number } from "./numbers.js";

export class Prediction {
  constructor(parent, model) {
    this.model = model;
    const { x, y } = model.spec.picture, xs = model.columns[x];
    this.field = html("input", { type: "number", step: "any", "aria-label": `${x} of a new row`, value: Number(((Math.min(...xs) + Math.max(...xs)) / 2).toPrecision(3)), oninput: () => this.draw(this.point) });
    this.said = html("output", { "aria-live": "polite" });
    parent.append(html("p", { class: "predict" }, html("strong", {}, "Predict"), html("label", {}, `${x} =`, this.field), this.said));
    this.words = y;
  }

  draw(point) {
    this.point = point;
    const x = Number(this.field.value), given = this.field.value.trim() !== "" && Number.isFinite(x);
    this.said.textContent = given ? `${this.words} = ${number(this.model.curve(point, [x])[0])}` : "type a number";
  }
}
