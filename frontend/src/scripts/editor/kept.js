// What was typed and perhaps never reached the server, kept on this computer until it did.
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "seen", "stamp", "revision", "whole"]);

const entries = (form) => [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");

export function keep(key, form) {
  const { stamp, seen } = form.elements;
  try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), stamp: stamp.value, seen: seen.value, entries: entries(form) })); } catch { /* full, or a private window */ }
}

export function forget(key) {
  try { localStorage.removeItem(key); } catch { /* a private window */ }
}

// The kept copy, when it says something else than the page.
export function kept(key, form) {
  let copy = null;
  try { copy = JSON.parse(localStorage.getItem(key)); } catch { /* unreadable is as good as none */ }
  if (!copy?.entries) return null;
  const same = JSON.stringify(plain(copy.entries)) === JSON.stringify(plain(entries(form)));
  if (same) forget(key);
  return same ? null : copy;
}

// Row tokens change from page to page; what counts is values in their order.
const plain = (list) => list.filter(([name]) => !name.endsWith(".-rows")).map(([, value]) => value.replace(/\r\n/g, "\n"));

// The server shows the page with the copy's values; nothing is saved by that.
export function sendBack(form, copy) {
  const back = document.createElement("form");
  back.method = "post";
  back.action = form.action;
  const fixed = [["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value], ["revision", form.elements.revision.value], ["stamp", copy.stamp], ["seen", copy.seen], ["act", "show"], ["whole", "1"]];
  for (const [name, value] of [...fixed, ...copy.entries]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    back.append(field);
  }
  back.hidden = true;
  document.body.append(back);
  back.submit();
}
