// The counter: a pad to sign on, a reader of cards on this computer, keys for a person who waits, a route without network.
export function signPad(place) {
  const canvas = place.querySelector("canvas"), field = place.querySelector("input[name=signature]");
  const ink = canvas.getContext("2d");
  Object.assign(ink, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
  let drawing = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    ink.beginPath();
    ink.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    ink.lineTo(...at(event));
    ink.stroke();
  });
  const lifted = () => {
    if (drawing) field.value = canvas.toDataURL("image/png");
    drawing = false;
  };
  canvas.addEventListener("pointerup", lifted);
  canvas.addEventListener("pointercancel", lifted);
  place.querySelector("[data-clear]").addEventListener("click", () => {
    ink.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
}

// GET {reader}/card answers {"name", "number"}, or {"message"} with 409 while no card lies on it.
export function cardReader(form) {
  const button = form.querySelector("[data-read-card]"), said = form.querySelector("[data-card-said]");
  button?.addEventListener("click", async () => {
    said.textContent = "请把身份证放在读卡器上…";
    const answer = await fetch(`${form.dataset.cardReader}/card`, { cache: "no-store", credentials: "omit" }).catch(() => null);
    const card = await answer?.json().catch(() => null);
    if (!answer?.ok || !card?.number) {
      said.textContent = card?.message ?? "读卡程序没有答复，请照证件输入。";
      return;
    }
    form.querySelector("[name=number]").value = card.number;
    form.querySelector("[name=name]").value = card.name ?? "";
    said.textContent = "已读出，请和本人核对。";
    (form.querySelector("[name=phone]") ?? form.querySelector("[type=submit]")).focus();
  });
}

export function reception(form) {
  const empty = (each) => (each.type === "radio" ? !form.querySelector(`[name="${CSS.escape(each.name)}"]:checked`) : !each.value);
  const asked = [...form.querySelectorAll("[data-questions] :is(input, select, textarea):not([type=hidden])")];
  if (!document.querySelector("[data-error-summary]")) asked.find(empty)?.focus();
  form.querySelector("[data-all-originals]")?.addEventListener("click", () => form.querySelectorAll("[name=original]").forEach((each) => { each.checked = true; }));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-main-act]"));
  });
}

// Ticks stay on this device; what was done goes off when there is a network again.
export function route(place) {
  const key = `route-${place.dataset.route}`, kept = JSON.parse(localStorage.getItem(key) ?? "{}");
  const said = document.querySelector("[data-route-said]");
  const keep = () => localStorage.setItem(key, JSON.stringify(kept));
  place.querySelectorAll("[data-tick]").forEach((box) => {
    box.checked = Boolean(kept[box.dataset.tick]);
    box.addEventListener("change", () => { kept[box.dataset.tick] = box.checked; keep(); });
  });
  const send = async (form) => {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return false;
    delete kept[form.action];
    keep();
    form.querySelector("button").disabled = true;
    form.querySelector("button").firstChild.textContent = "已上门";
    return true;
  };
  const forms = [...place.querySelectorAll("[data-visit-done]")];
  const sendKept = async () => {
    const waiting = forms.filter((each) => kept[each.action]);
    const sent = await Promise.all(waiting.map(send));
    if (sent.includes(false)) said.textContent = "没有网络，已上门的存在这台设备上，有了网络会自动送到。";
    else if (sent.length) said.textContent = "已上门的都送到了。";
  };
  forms.forEach((form) => form.addEventListener("submit", (event) => {
    event.preventDefault();
    kept[form.action] = true;
    keep();
    sendKept();
  }));
  window.addEventListener("online", sendKept);
  sendKept();
}

// aria-keyshortcuts="Alt+R" presses the button, by the key itself whatever it types on this keyboard.
export function shortcuts() {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || !event.code.startsWith("Key")) return;
    const button = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.slice(3)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}
