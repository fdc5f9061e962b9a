// The entry line: completion of names, functions and rows of the catalogue, and the place of a fault.

export class Typing {
  // changed(text) is called at every change; known() gives the names of the loss at hand.
  constructor(area, list, fault, changed, known) {
    Object.assign(this, { area, list, fault, known, words: [], offered: [], chosen: -1 });
    area.addEventListener("input", () => { this.offer(); changed(area.value); });
    area.addEventListener("keydown", event => this.key(event, changed));
    area.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
  }

  // The word before the caret.
  word() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    return /[\p{L}_][\p{L}\p{N}_-]*$/u.exec(before)?.[0] ?? "";
  }

  offer() {
    const word = this.word(), whole = this.area.value.trim() === word;
    if (word.length < 2) { this.hide(); return; }
    const names = this.known().map(n => ({ word: n.name, about: n.kind, kind: "name" }));
    const fits = w => w.word.toLowerCase().startsWith(word.toLowerCase()) && w.word !== word && (whole || w.kind === "function" || w.kind === "name");
    this.offered = [...names, ...this.words].filter(fits).slice(0, 12);
    this.chosen = -1;
    this.list.replaceChildren(...this.offered.map((o, k) => {
      const item = document.createElement("li"), code = document.createElement("code"), about = document.createElement("span");
      Object.assign(item, { id: `offer${k}`, role: "option" });
      item.setAttribute("aria-selected", "false");
      code.textContent = o.word;
      about.textContent = o.about;
      item.append(code, about);
      item.addEventListener("pointerdown", event => { event.preventDefault(); this.take(k); });
      return item;
    }));
    this.list.hidden = !this.offered.length;
  }

  hide() { this.list.hidden = true; this.chosen = -1; this.area.removeAttribute("aria-activedescendant"); }

  key(event, changed) {
    this.changed = changed;
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.chosen = (this.chosen + by + this.offered.length) % this.offered.length;
      [...this.list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === this.chosen)));
      this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
      this.area.setAttribute("aria-activedescendant", `offer${this.chosen}`);
    } else if (event.key === "Tab" || (event.key === "Enter" && this.chosen >= 0)) {
      event.preventDefault();
      this.take(Math.max(0, this.chosen));
    } else if (event.key === "Escape") this.hide();
  }

  take(k) {
    const word = this.word(), at = this.area.selectionStart, text = this.offered[k].word;
    this.area.setRangeText(text, at - word.length, at, "end");
    this.hide();
    this.area.focus();
    this.area.dispatchEvent(new Event("input"));
    this.hide();
  }

  // The line with carets below; of a long one only what fits around the place, so that it is not broken in two.
  place(line, at, length) {
    const room = Math.max(24, Math.floor(this.area.clientWidth / 10) - 6), from = Math.max(0, Math.min(at - Math.floor(room / 2), line.length - room));
    const shown = line.slice(from, from + room);
    return `\n  ${shown.join("")}\n  ${" ".repeat(Math.max(0, at - from))}${"^".repeat(Math.max(1, Math.min(length, from + room - at)))}`;
  }

  // Shows what is wrong, with a caret under the place; null takes it away.
  show(error) {
    this.area.setAttribute("aria-invalid", String(Boolean(error)));
    this.fault.hidden = !error;
    if (!error) { this.fault.textContent = ""; return; }
    const line = error.line ? (this.area.value.split("\n")[error.line - 1] ?? "") : "";
    this.fault.textContent = error.reason + (line ? this.place([...line], error.column - 1, error.length ?? 1) : "");
  }
}
