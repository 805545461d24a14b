// Rows by keyboard (up, down, enter, space) and the bar that appears when rows are chosen.
export function table(element) {
  const rows = () => [...element.querySelectorAll("tbody tr[data-row]")];
  const move = (row) => { rows().forEach((each) => { each.tabIndex = -1; }); row.tabIndex = 0; row.focus(); };
  rows().forEach((row, index) => { row.tabIndex = index === 0 ? 0 : -1; });
  element.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-row]");
    if (!row || event.target !== row) return;
    const all = rows(), at = all.indexOf(row);
    if (event.key === "ArrowDown" && all[at + 1]) { event.preventDefault(); move(all[at + 1]); }
    if (event.key === "ArrowUp" && all[at - 1]) { event.preventDefault(); move(all[at - 1]); }
    if (event.key === "Enter") { event.preventDefault(); row.querySelector("a")?.click(); }
    if (event.key === " ") { const box = row.querySelector("input[type=checkbox]"); if (box) { event.preventDefault(); box.click(); } }
  });
  if (element.hasAttribute("data-keys")) document.addEventListener("keydown", (event) => fromAnywhere(event, rows(), move));
}

// A desk's keys, from the moment its page is open and wherever one is but in a field: to the next row, the one before, into the first.
const STEPS = { j: 1, arrowdown: 1, k: -1, arrowup: -1 };
function fromAnywhere(event, rows, move) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !rows.length) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]")) return;
  const row = event.target.closest("tr[data-row]"), step = STEPS[event.key.toLowerCase()];
  if (step) {
    event.preventDefault();
    const at = row ? rows.indexOf(row) + step : 0;
    move(rows[Math.min(Math.max(at, 0), rows.length - 1)]);
  } else if (event.key === "Enter" && event.target === document.body) {
    event.preventDefault();
    rows[0].querySelector("a")?.click();
  }
}

export function choosing(form) {
  const bar = form.querySelector("[data-chosen-bar]");
  const all = form.querySelector("[data-choose-all]");
  const boxes = () => [...form.querySelectorAll("input[data-choose]")];
  const say = () => {
    const count = boxes().filter((box) => box.checked).length;
    if (bar) { bar.hidden = !count; bar.querySelector("[data-chosen-count]").textContent = String(count); }
    if (all) { all.checked = count > 0 && count === boxes().length; all.indeterminate = count > 0 && !all.checked; }
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) boxes().forEach((box) => { box.checked = all.checked; });
    say();
  });
  say();
}
