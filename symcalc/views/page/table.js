// The data: a built-in lesson, a dropped CSV or Parquet file, a pasted CSV file, or a small table typed in place.

import { html } from "./bench.js";

const SHOWN = 60;

const base64 = file => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = failed;
  reader.readAsDataURL(file);
});

export class TablePanel {
  // changed(data) is told {lesson} or {text, name} or null; ask(name, document) asks the server.
  constructor(parent, lessons, ask, changed) {
    Object.assign(this, { parent, lessons, ask, changed, columns: {}, asked: 0 });
    this.choice = html("select", { onchange: e => this.lesson(e.target.value) }, html("option", { value: "" }, "no table"),
      ...lessons.map(l => html("option", { value: l.name }, `${l.name}: ${l.about}`)), html("option", { value: "own", hidden: true }, "your table"));
    this.file = html("input", { type: "file", accept: ".csv,.parquet,text/csv,text/plain", "aria-label": "CSV or Parquet file", onchange: e => this.read(e.target.files[0]) });
    this.said = html("p", { role: "status" });
    this.sheet = html("div", { class: "sheet" });
    this.fold = html("details", { hidden: true }, html("summary", {}, "The rows, to look at and to change"), this.sheet);
    this.area = html("div", { class: "drop" }, html("label", {}, "table ", this.choice), html("label", {}, "or drop or choose a CSV or Parquet file ", this.file),
      html("button", { type: "button", onclick: () => this.fresh() }, "Type a table"));
    // A file may be dropped anywhere: beside the frame, the browser would leave the page for it.
    const held = e => e.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", e => { if (held(e)) { e.preventDefault(); this.area.classList.add("over"); } });
    document.addEventListener("dragleave", e => { if (!e.relatedTarget) this.area.classList.remove("over"); });
    document.addEventListener("drop", e => { if (held(e)) { e.preventDefault(); this.area.classList.remove("over"); this.read(e.dataTransfer.files[0]); } });
    document.addEventListener("paste", e => {
      const text = e.clipboardData?.getData("text") ?? "";
      if (/^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName) || !/[\n]/.test(text) || !/[,;\t]/.test(text)) return;
      e.preventDefault();
      this.text(text, "your table");
    });
    parent.append(this.area, this.said, this.fold);
  }

  lesson(name, quiet = false) {
    this.asked++;
    const found = this.lessons.find(l => l.name === name);
    this.choice.value = found ? name : "";
    this.columns = found ? structuredClone(found.columns) : {};
    this.said.textContent = "";
    this.draw();
    this.data = found ? { lesson: name } : null;
    if (!quiet) this.changed(this.data, found);
  }

  async read(file) {
    if (!file) return;
    if (file.size > 4e6) { this.said.textContent = `${file.name} has ${file.size.toLocaleString("en")} bytes; the page takes up to 4,000,000. Use the command line for more.`; return; }
    if (/\.parquet$/i.test(file.name)) await this.taken({ parquet: await base64(file), name: file.name });
    else await this.text(await file.text(), file.name);
  }

  text(text, name, quiet = false) { return this.taken({ text, name }, quiet); }

  // sent: {text} of CSV or {parquet} in base64, and a name.
  async taken(sent, quiet = false) {
    const mine = ++this.asked, { name } = sent, found = await this.ask("table", sent);
    // Another table was chosen meanwhile.
    if (mine !== this.asked) return;
    if (found.error) { this.said.textContent = found.error.reason; return; }
    this.choice.value = "own";
    this.columns = found.columns;
    const faults = Object.entries(found.columns).filter(([, c]) => typeof c === "string");
    this.said.textContent = [`${name}: ${found.rows} rows.`, ...found.notes, ...faults.map(([, c]) => c)].join(" ");
    this.data = { text: found.text, name };
    this.draw();
    if (!quiet) this.changed(this.data);
  }

  fresh() {
    this.columns = { x: [1, 2, 3], y: [2, 4, 5] };
    this.edited();
    this.draw();
    this.fold.open = true;
  }

  // The table was changed in place: by typing, or by dragging a point.
  edited(columns = this.columns) {
    this.columns = columns;
    const names = Object.keys(columns), rows = columns[names[0]]?.length ?? 0;
    const quoted = n => (/[",\n]/.test(n) ? `"${n.replaceAll('"', '""')}"` : n);
    const lines = [names.map(quoted).join(","), ...[...Array(rows).keys()].map(k => names.map(n => columns[n][k]).join(","))];
    this.choice.value = "own";
    this.data = { text: lines.join("\n") + "\n", name: "your table" };
    this.changed(this.data);
  }

  draw() {
    const names = Object.keys(this.columns).filter(n => Array.isArray(this.columns[n]));
    this.fold.hidden = !names.length;
    if (!names.length) return;
    const rows = this.columns[names[0]].length, shown = Math.min(rows, SHOWN);
    const cell = (n, k) => html("input", { value: this.columns[n][k], "aria-label": `${n}, row ${k + 1}`, inputmode: "decimal", onchange: e => {
      const value = Number(e.target.value);
      if (e.target.value.trim() === "" || !Number.isFinite(value)) { e.target.value = this.columns[n][k]; this.said.textContent = `${n}, row ${k + 1}: write a number.`; return; }
      this.columns[n][k] = value;
      this.edited();
    } });
    const body = html("tbody", {}, ...[...Array(shown).keys()].map(k => html("tr", {}, html("th", { scope: "row" }, String(k + 1)), ...names.map(n => html("td", {}, cell(n, k))))));
    const more = rows > shown ? [html("p", {}, `${(rows - shown).toLocaleString("en")} more rows`)] : [html("button", { type: "button", onclick: () => {
      for (const n of names) this.columns[n].push(this.columns[n][rows - 1] ?? 0);
      this.edited();
      this.draw();
    } }, "Add a row")];
    this.sheet.replaceChildren(html("table", {}, html("thead", {}, html("tr", {}, html("th", {}, "row"), ...names.map(n => html("th", { scope: "col" }, n)))), body), ...more);
  }
}
