// Filling in a form: the server says what a changed answer makes to be asked; a photograph goes off as soon as it is taken.
export function questions(place) {
  const form = place.closest("form");
  let asked = 0;
  place.addEventListener("change", async (event) => {
    if (!event.target.closest("[data-decides]")) return;
    const turn = ++asked, sent = answersOf(place);
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || answer.redirected || ![200, 422].includes(answer.status)) return; // the next step will tell
    const page = await answer.text();
    if (turn !== asked) return; // answered anew meanwhile
    const meanwhile = [...answersOf(place)].filter(([key, given]) => sent.has(key) && sent.get(key) !== given);
    const back = focusOf(place, event.target);
    place.innerHTML = page;
    fill(place, new Map(meanwhile));
    place.querySelectorAll("template[data-for]").forEach(follow);
    stillWrong();
    back();
  });
}

// What somebody types while the server is asked stays, and so does the place where they type.
const isTicked = (field) => ["radio", "checkbox"].includes(field.type);
const keyOf = (field) => (isTicked(field) ? `${field.name}=${field.value}` : field.name);
const fieldsOf = (place) => [...place.querySelectorAll("input, select, textarea")].filter((each) => each.name && !["hidden", "file"].includes(each.type));
const answersOf = (place) => new Map(fieldsOf(place).map((each) => [keyOf(each), isTicked(each) ? each.checked : each.value]));

function fill(place, given) {
  fieldsOf(place).filter((each) => given.has(keyOf(each))).forEach((each) => { each[isTicked(each) ? "checked" : "value"] = given.get(keyOf(each)); });
}

function focusOf(place, changed) {
  const here = document.activeElement;
  const field = place.contains(here) ? here : here === document.body ? changed : null;
  if (!field?.name) return () => {};
  const key = keyOf(field), range = field.selectionStart == null ? null : [field.selectionStart, field.selectionEnd];
  return () => {
    const found = fieldsOf(place).find((each) => keyOf(each) === key);
    found?.focus();
    if (found && range) found.setSelectionRange(...range);
  };
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
