// Which columns of a wide table are shown: chosen above it, kept on this device for all tables with these heads.
const FEWEST = 5;
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return []; } };
const write = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full, or a private window */ } };

export function columns(element) {
  const wrap = element.closest(".table-wrap");
  const named = [...element.querySelectorAll("thead th")].map((head, place) => ({ place, label: head.textContent.trim() })).filter((each) => each.label);
  if (!wrap || named.length < FEWEST) return;
  const key = `columns:${named.map((each) => each.label).join("|")}`;
  const hidden = new Set(read(key));
  const chooser = document.createElement("details");
  chooser.className = "columns no-print";
  const summary = document.createElement("summary");
  summary.className = "btn btn-plain";
  const choices = document.createElement("fieldset");
  choices.append(Object.assign(document.createElement("legend"), { textContent: "这张表显示哪些列" }));
  chooser.append(summary, choices);

  const show = () => {
    for (const row of element.rows) for (const { place, label } of named) if (row.cells[place]) row.cells[place].hidden = hidden.has(label);
    const left = named.filter((each) => hidden.has(each.label)).length;
    summary.textContent = left ? `选列（藏了${left}列）` : "选列";
  };
  const choice = ({ label }) => {
    const line = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !hidden.has(label) });
    box.addEventListener("change", () => { if (box.checked) hidden.delete(label); else hidden.add(label); write(key, [...hidden]); show(); });
    line.append(box, ` ${label}`);
    return line;
  };
  // The first column says what a row is, and stays.
  chooser.addEventListener("toggle", () => choices.append(...named.slice(1).map(choice)), { once: true });
  chooser.addEventListener("keydown", (event) => { if (event.key === "Escape") { chooser.open = false; summary.focus(); } });
  document.addEventListener("click", (event) => { if (!chooser.contains(event.target)) chooser.open = false; });
  wrap.before(chooser);
  show();
}
