// Tables of the guide: add, remove with undo, reorder by buttons, Alt+↑ ↓ and mouse. Only nodes move; names stay.
const NEW = "--new--";
let count = 0;

export function rows(form, changed) {
  const said = document.getElementById("editor-said");
  const say = (text) => { said.textContent = text; };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-up], [data-down], [data-remove], [data-undo]");
    if (!button) return;
    event.preventDefault();
    const table = button.closest("[data-rows]"), row = button.closest(".guide-row");
    if (button.dataset.add !== undefined) add(table);
    else if (button.dataset.remove !== undefined) remove(row);
    else if (button.dataset.undo === undefined) { move(row, button.dataset.up !== undefined ? -1 : 1); button.focus(); }
  });
  form.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const row = event.target.closest(".guide-row");
    if (!row) return;
    event.preventDefault();
    const at = document.activeElement;
    move(row, event.key === "ArrowUp" ? -1 : 1);
    at.focus();
  });
  form.addEventListener("input", (event) => {
    const row = event.target.closest(".guide-row");
    const title = row?.querySelector("[data-title]");
    if (title && event.target === firstField(row)) title.textContent = event.target.value || "(还没写)";
  });

  const firstField = (row) => row.querySelector(".row-fields input:not([type=hidden]), .row-fields textarea");
  const siblings = (row) => [...row.parentElement.querySelectorAll(":scope > .guide-row")];
  const settle = (table) => {
    table.querySelector("[data-none]").hidden = !!table.querySelector(".row-list > .guide-row");
    changed();
  };

  function add(table) {
    const row = table.querySelector("template").content.firstElementChild.cloneNode(true);
    const token = `n${Date.now().toString(36)}${(count += 1)}`;
    const place = (text) => text.split(NEW).join(token);
    for (const node of [row, ...row.querySelectorAll("*")])
      for (const attribute of [...node.attributes]) if (attribute.value.includes(NEW)) node.setAttribute(attribute.name, place(attribute.value));
    table.querySelector(".row-list").append(row);
    settle(table);
    firstField(row)?.focus();
    say("加了一项");
  }

  function remove(row) {
    const table = row.closest("[data-rows]"), list = row.parentElement, next = row.nextSibling;
    const name = firstField(row)?.value || "空白的一项";
    const line = document.createElement("li");
    line.className = "row-gone";
    const text = document.createElement("span");
    text.textContent = `已移除“${name}”。`;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn btn-plain";
    undo.dataset.undo = "";
    undo.textContent = "撤销移除";
    undo.addEventListener("click", () => { line.replaceWith(row); settle(table); row.focus(); say(`“${name}”回来了`); });
    line.append(text, undo);
    list.insertBefore(line, next);
    row.remove();
    settle(table);
    undo.focus();
  }

  function move(row, by) {
    const all = siblings(row), target = all[all.indexOf(row) + by];
    if (!target) return say(by < 0 ? "已经是第一项" : "已经是最后一项");
    by < 0 ? target.before(row) : target.after(row);
    changed();
    say(`移到第${siblings(row).indexOf(row) + 1}项`);
  }

  let held = null;
  form.addEventListener("mousedown", (event) => { const row = event.target.closest("[data-grip]")?.closest(".guide-row"); if (row) row.draggable = true; });
  form.addEventListener("mouseup", () => form.querySelectorAll(".guide-row[draggable=true]").forEach((row) => { row.draggable = false; }));
  form.addEventListener("dragstart", (event) => {
    held = event.target.closest?.(".guide-row[draggable=true]") ?? null;
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    held.classList.add("held");
  });
  form.addEventListener("dragover", (event) => {
    const over = held && event.target.closest(".guide-row");
    if (!over || over.parentElement !== held.parentElement) return;
    event.preventDefault();
    if (over === held) return;
    const box = over.getBoundingClientRect();
    event.clientY < box.top + box.height / 2 ? over.before(held) : over.after(held);
  });
  form.addEventListener("drop", (event) => { if (held) event.preventDefault(); });
  form.addEventListener("dragend", () => {
    if (!held) return;
    held.classList.remove("held");
    held.draggable = false;
    held = null;
    changed();
  });
}
