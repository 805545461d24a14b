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
