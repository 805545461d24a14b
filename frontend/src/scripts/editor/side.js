// What stands right of the document: what is missing, what differs from what is in force, versions; and the flow chart.
export function side(root) {
  const aside = root.querySelector("#side"), chart = root.querySelector("#flow-chart");
  const shown = () => aside.querySelector("[data-side-tab][aria-current]")?.dataset.sideTab ?? "lacks";
  const text = async (url) => { const answer = await fetch(url); return answer.ok && !answer.redirected ? answer.text() : null; };

  async function show(tab) {
    const html = await text(`${root.dataset.side}?side=${tab}`).catch(() => null);
    if (html !== null) aside.innerHTML = html;
  }

  async function redraw() {
    const svg = await text(root.dataset.chart).catch(() => null);
    if (svg !== null && chart.innerHTML !== svg) chart.innerHTML = svg;
  }

  aside.addEventListener("click", async (event) => {
    const tab = event.target.closest("[data-side-tab]"), lack = event.target.closest("[data-path]");
    if (tab) { event.preventDefault(); await show(tab.dataset.sideTab); aside.querySelector("[data-side-tab][aria-current]")?.focus(); }
    if (lack && go(root, lack.dataset.path)) event.preventDefault();
  });

  return { refresh: () => { redraw(); if (shown() !== "history") show(shown()); } };
}

// materials.2.name is the third row of the table as it stands on the page now.
function go(root, path) {
  const [table, place, column] = path.split(".");
  const row = place === undefined ? null : root.querySelectorAll(`[data-rows="${table}"] > .row-list > .guide-row`)[Number(place)];
  const field = row ? row.querySelector(`[data-field="${table}.${row.dataset.row}.${column}"]`) : root.querySelector(`[data-field="${table}"]`);
  if (!field) return false;
  row?.querySelector("details")?.setAttribute("open", "");
  field.scrollIntoView({ block: "center" });
  field.querySelector("input:not([type=hidden]), textarea, select, button")?.focus({ preventScroll: true });
  return true;
}
