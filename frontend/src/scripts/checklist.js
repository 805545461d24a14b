// Ticks of 要带什么 stay on this device: the reader ticks at home and looks again at the counter.
export function checklist(list) {
  const key = `ticks:${list.dataset.checklist}`;
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const said = document.querySelector("[data-ticked]");
  const read = () => { try { return JSON.parse(localStorage.getItem(key) ?? "[]"); } catch { return []; } };
  const keep = (ticked) => { try { localStorage.setItem(key, JSON.stringify(ticked)); } catch { /* private window */ } };
  const say = () => {
    const done = boxes.filter((box) => box.checked).length;
    if (said) said.textContent = done === boxes.length ? `${done} 样都准备好了` : `已准备 ${done} 样，共 ${boxes.length} 样`;
  };
  const ticked = new Set(read());
  boxes.forEach((box) => {
    box.checked = ticked.has(box.value);
    box.addEventListener("change", () => { keep(boxes.filter((b) => b.checked).map((b) => b.value)); say(); });
  });
  say();
}
