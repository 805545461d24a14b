// Filling in a form: the server says what a changed answer makes to be asked; a photograph goes off as soon as it is taken.
export function questions(place) {
  const form = place.closest("form");
  place.addEventListener("change", async (event) => {
    if (!event.target.closest("[data-decides]")) return;
    const { name, value } = event.target;
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || answer.redirected || ![200, 422].includes(answer.status)) return; // the next step will tell
    place.innerHTML = await answer.text();
    [...place.querySelectorAll(`[name="${CSS.escape(name)}"]`)].find((each) => each.type === "hidden" ? false : each.value === value || each.type === "select-one")?.focus();
  });
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
