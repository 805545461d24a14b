// A chosen file goes up at once; its number is what the form keeps. Without scripts it goes with the form.
export function uploads(form, address, changed) {
  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.type !== "file" || !input.files.length) return;
    const slot = input.closest("[data-upload]"), file = input.files[0];
    const body = new FormData();
    body.set("file", file);
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    say(slot, `正在上传 ${file.name}…`);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!told) return say(slot, "没有传上去，请检查网络后再选一次", true);
    empty(input);
    if (!answer.ok) return say(slot, told.message, true);
    fill(slot, told);
    say(slot, `已上传 ${told.name}`);
    changed();
  });
  form.addEventListener("click", (event) => {
    const slot = event.target.closest("[data-drop-file]")?.closest("[data-upload]");
    if (!slot) return;
    slot.querySelector("input[type=hidden]").value = "";
    slot.querySelector("[data-kept]").hidden = true;
    say(slot, "");
    changed();
  });
}

function empty(input) {
  input.value = "";
  input.dispatchEvent(new Event("change"));
}

function fill(slot, told) {
  slot.querySelector("input[type=hidden]").value = told.guid;
  slot.querySelector("[data-kept]").hidden = false;
  slot.querySelector("[data-kept-link]").href = told.url;
}

function say(slot, text, bad = false) {
  const line = slot.querySelector("[data-upload-said]");
  line.textContent = text;
  line.classList.toggle("bad", bad);
}
