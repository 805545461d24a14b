// What the server said about fields and sections, shown in place.
export function showProblems(form, problems) {
  form.querySelectorAll(".field.has-error").forEach((field) => {
    if (field.dataset.field in problems) return;
    field.classList.remove("has-error");
    field.querySelector(":scope > .wrong, :scope > fieldset > .wrong")?.remove();
    input(field)?.removeAttribute("aria-invalid");
  });
  Object.entries(problems).forEach(([name, message]) => {
    const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    if (field) mark(field, message);
  });
}

const input = (field) => field.querySelector("input:not([type=hidden]), textarea, select");

function mark(field, message) {
  const box = field.querySelector(":scope > fieldset") ?? field;
  let line = box.querySelector(":scope > .wrong");
  if (!line) {
    line = document.getElementById("wrong-line").content.firstElementChild.cloneNode(true);
    line.id = `${field.dataset.field.replace(/\./g, "-")}-error`;
    const after = box.querySelector(":scope > .help") ?? box.querySelector(":scope > legend, :scope > label");
    after ? after.after(line) : box.prepend(line);
  }
  line.querySelector("span").textContent = message;
  field.classList.add("has-error");
  const typed = input(field);
  typed?.setAttribute("aria-invalid", "true");
  typed?.setAttribute("aria-describedby", line.id);
}

export function showProgress(root, { percent, sections }) {
  root.querySelector("[data-percent]").textContent = percent;
  const bar = root.querySelector(".overall-bar");
  bar.value = percent;
  bar.textContent = `${percent}%`;
  Object.entries(sections).forEach(([code, { lacks }]) => {
    const mark = root.querySelector(`[data-section="${code}"] .so-far`);
    mark.classList.toggle("full", !lacks);
    mark.querySelector("b").textContent = lacks;
  });
}
