// What the rules say, beside each field as one types: the form is sent for checking a moment after the last stroke.
const WAIT = 500;

export function advice(root, form) {
  let timer = 0, asked = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(check, WAIT); };

  async function check() {
    const mine = (asked += 1);
    const body = new FormData(form);
    [...body].forEach(([name, value]) => { if (value instanceof File) body.delete(name); });
    const answer = await fetch(root.dataset.check, { method: "POST", body }).catch(() => null);
    if (!answer?.ok || answer.redirected || mine !== asked) return;
    show(await answer.json());
  }

  function show({ fields, side }) {
    form.querySelectorAll(".advice").forEach((each) => { if (!(each.dataset.at in fields)) each.remove(); });
    Object.entries(fields).forEach(([name, html]) => place(name, html));
    form.querySelectorAll(".guide-row").forEach((row) => row.classList.toggle("to-change", !!row.querySelector(".advice")));
    const list = root.querySelector("[data-advices]");
    if (list && list.innerHTML !== side && !list.contains(document.activeElement)) list.innerHTML = side;
  }

  function place(name, html) {
    const box = at(root, name);
    if (!box) return;
    const holder = document.createElement("div");
    holder.innerHTML = html;
    const made = holder.firstElementChild;
    made.dataset.at = name;
    const known = box.querySelector(`:scope > .advice[data-at="${CSS.escape(name)}"]`);
    if (!known) box.append(made);
    else if (known.innerHTML !== made.innerHTML) known.replaceWith(made);
  }

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-rewrite]"), link = event.target.closest("[data-at]");
    if (button) { event.preventDefault(); accept(button.dataset.rewrite, button.dataset.value); }
    else if (link?.matches("a") && go(root, link.dataset.at)) event.preventDefault();
  });

  function accept(name, value) {
    const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((each) => each.type !== "hidden");
    const chosen = inputs.find((each) => each.type === "radio" && each.value === value) ?? inputs[0];
    if (!chosen) return;
    if (chosen.type === "radio") chosen.checked = true;
    else if (chosen.type === "checkbox") chosen.checked = value === "1";
    else chosen.value = value;
    go(root, name);
    chosen.dispatchEvent(new Event("input", { bubbles: true }));
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
    document.getElementById("editor-said").textContent = "已照建议改好";
    clearTimeout(timer);
    check();
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  check();
  return { later };
}

// The box of a field, or of a row: materials.r2.name, bases.r1.
const at = (root, name) => root.querySelector(`[data-field="${CSS.escape(name)}"]`) ?? document.getElementById(name.replace(/\./g, "-"))?.querySelector(".row-fields");

function go(root, name) {
  const box = at(root, name);
  if (!box) return false;
  box.closest("details")?.setAttribute("open", "");
  box.scrollIntoView({ block: "center" });
  box.querySelector("input:not([type=hidden]), textarea, select, button")?.focus({ preventScroll: true });
  return true;
}
