// The reviewer's desk: next item by one key, what was typed kept on this computer until it was taken, claims put back.
const OLD = 60 * 24 * 3600 * 1000;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "review", "digest", "missing"]);

const typed = (form) => [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const write = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full, or a private window */ } };
const forget = (key) => { try { localStorage.removeItem(key); } catch { /* a private window */ } };

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const link = document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (link) { event.preventDefault(); link.click(); }
  });
}

// What was sent with success is forgotten on the page that says so; what is two months old, too.
export function tidy() {
  const sent = sessionStorage.getItem("desk:sent");
  if (sent && document.querySelector(".notice.success")) { forget(sent); sessionStorage.removeItem("desk:sent"); }
  for (const key of Object.keys(localStorage)) if (key.startsWith("desk:") && Date.now() - (read(key)?.at ?? 0) > OLD) forget(key);
}

export function opinion(form) {
  const key = form.dataset.kept, empty = JSON.stringify(typed(form));
  const note = form.parentElement.querySelector("[data-kept-note]");
  let sending = false;

  const copy = read(key);
  if (copy?.entries && JSON.stringify(copy.entries) !== empty && !document.querySelector("[data-error-summary]")) {
    fill(form, copy.entries);
    const at = new Date(copy.at);
    say(`已恢复您${at.getMonth() + 1}月${at.getDate()}日 ${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}写到一半的内容。`);
  }

  function say(words) {
    if (!note) return;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn-plain";
    drop.textContent = "不要了，重新写";
    drop.addEventListener("click", () => { forget(key); form.reset(); note.hidden = true; });
    note.replaceChildren(words, drop);
    note.hidden = false;
  }

  form.addEventListener("input", () => write(key, { at: Date.now(), entries: typed(form) }));
  form.addEventListener("submit", () => { sending = true; write(key, { at: Date.now(), entries: typed(form) }); try { sessionStorage.setItem("desk:sent", key); } catch { /* a private window */ } });
  form.querySelector("[data-all-yes]")?.addEventListener("click", () => {
    form.querySelectorAll('input[type=radio][value="yes"], input[name=verdict][value="agree"]').forEach((each) => { each.checked = true; });
    form.dispatchEvent(new Event("input"));
    form.querySelector("button[type=submit]")?.focus();
  });
  // Who only looked does not keep others from it.
  if (form.dataset.release) addEventListener("pagehide", () => {
    if (sending || read(key)) return;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    navigator.sendBeacon(form.dataset.release, body);
  });
}

function fill(form, entries) {
  for (const [name, value] of entries) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
}

export function copying(button) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => { await navigator.clipboard.writeText(button.dataset.copy); button.textContent = "已复制"; });
}
