// A term of a slope that is pointed at, focused or tapped lights up, and so do the parts of the loss it comes from.

const AT_REST = "Point at a term of the slope to see which part of the loss it comes from.";

// root holds both; say is the line that tells it in words. Lines of a derivation light up those they use.
export function lights(root, say = null) {
  const dark = () => {
    for (const e of root.querySelectorAll(".lit")) e.classList.remove("lit");
    if (say) say.textContent = root.querySelector("[data-from]") ? AT_REST : "";
  };
  const light = event => {
    const term = event.target.closest?.("[data-from], [data-uses]");
    dark();
    if (!term || !root.contains(term)) return;
    term.classList.add("lit");
    if (term.dataset.uses !== undefined) {
      const table = term.closest("table");
      for (const number of term.dataset.uses.split(" ")) table.querySelector(`[data-line="${number}"]`)?.classList.add("lit");
      return;
    }
    for (const key of term.dataset.from.split(" ")) for (const part of root.querySelectorAll(`[data-part="${key}"]`)) part.classList.add("lit");
    if (say) say.textContent = term.dataset.words;
  };
  root.addEventListener("pointerover", light);
  root.addEventListener("focusin", light);
  root.addEventListener("pointerdown", light);
  root.addEventListener("pointerleave", dark);
  root.addEventListener("focusout", dark);
  dark();
  return dark;
}
