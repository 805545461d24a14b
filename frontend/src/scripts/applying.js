// Filling in a form: the server says what a changed answer makes to be asked; a photograph goes off as soon as it is taken.
export function questions(place) {
  const form = place.closest("form");
  let asked = 0;
  place.addEventListener("change", async (event) => {
    if (!event.target.closest("[data-decides]")) return;
    const { name, value } = event.target, sent = new FormData(form), mine = asked += 1;
    const answer = await fetch(location.href, { method: "POST", body: sent, headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || answer.redirected || ![200, 422].includes(answer.status)) return; // the next step will tell
    const fresh = await answer.text();
    if (mine !== asked) return; // another answer decides meanwhile
    const typed = new FormData(form), at = place.contains(document.activeElement) ? document.activeElement : null;
    place.innerHTML = fresh;
    keepTyped(place, sent, typed);
    place.querySelectorAll("template[data-for]").forEach(follow);
    stillWrong();
    const moved = at?.name && at.name !== name ? place.querySelector(`[name="${CSS.escape(at.name)}"]:not([type=hidden])`) : null;
    (moved ?? [...place.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((each) => each.type === "hidden" ? false : each.value === value || each.type === "select-one"))?.focus();
  });
}

// What somebody typed while the server was asked stays as typed.
function keepTyped(place, sent, typed) {
  for (const each of place.querySelectorAll("input:not([type=hidden], [type=file]), select, textarea")) {
    const values = typed.getAll(each.name);
    if (String(values) === String(sent.getAll(each.name))) continue;
    if (["radio", "checkbox"].includes(each.type)) each.checked = values.includes(each.value);
    else each.value = values[0] ?? "";
  }
}

// What follows from the answers elsewhere on the page, where ticks, files and days stay as they were put in.
function follow(told) {
  const place = document.querySelector(`[data-follows="${told.dataset.for}"]`);
  const there = [...place.querySelectorAll("input")];
  told.content.querySelectorAll("input").forEach((each) => {
    each.replaceWith(there.find((old) => old.name === each.name && (old.type !== "checkbox" || old.value === each.value)) ?? each);
  });
  place.replaceChildren(told.content);
  told.remove();
}

// The summary above keeps only what the questions below still say is wrong.
function stillWrong() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  const lines = [...summary.querySelectorAll("li")];
  const stale = lines.filter((each) => !document.getElementById(`${each.querySelector("a").hash.slice(1)}-error`));
  stale.forEach((each) => each.remove());
  if (stale.length === lines.length) summary.remove();
  else summary.querySelector("h2").textContent = `有${lines.length - stale.length}处要填或要改，已填的都存好了`;
}

export function sendingAtOnce(input) {
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    const form = input.form;
    form.querySelector("[data-sending]").hidden = false;
    form.querySelectorAll("label.btn").forEach((each) => each.setAttribute("aria-disabled", "true"));
    form.requestSubmit();
  });
}
