import { canSpeak, speak, spelled } from "./speech.js";
import { stream } from "./stream.js";

const RECONCILE_EVERY = 5000, BACK_AFTER = 20000, PATIENCE = 6000, REFUSED = [400, 409, 422];

// The kiosk: numbers from the server; without network from those set aside, told to the server when it is there again.
export function kiosk(page) {
  const place = (name) => page.querySelector(`[data-${name}]`);
  const step = (name) => page.querySelector(`[data-step=${name}]`);
  const kept = `kiosk-${page.dataset.hall}`;
  const load = () => JSON.parse(localStorage.getItem(kept) ?? '{"numbers":{},"told":[]}');
  const save = (state) => localStorage.setItem(kept, JSON.stringify(state));
  const today = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  let loud = false, back, busy = false, lost = false, closed = place("no-tickets").textContent.trim();

  const send = async (address, body) => {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    try {
      return await fetch(address, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", Accept: "application/json" }, signal: stop.signal });
    } finally {
      clearTimeout(late);
    }
  };
  const say = (words) => { if (loud) speak(words); };
  const away = (yes) => { place("away").hidden = !yes || Boolean(closed); };

  // While the hall gives no numbers there is nothing to press; without network its hours of today tell.
  function shut(words) {
    const news = words !== closed;
    closed = words;
    place("no-tickets").textContent = closed;
    place("no-tickets").hidden = !closed;
    place("say-at-start").hidden = Boolean(closed);
    if (step("ticket").hidden) step("choose").hidden = step("appointment").hidden = Boolean(closed);
    if (news && closed) say(closed);
  }
  const inHours = () => (load().hours ?? JSON.parse(page.dataset.hours)).some(([from, to]) => from <= Date.now() && Date.now() < to);
  const byTheClock = () => { if (lost) shut(inHours() ? "" : closed || "现在不取号。请看大厅的开放时间，或者问导办台。"); };

  async function setAside() {
    const state = load();
    const low = [...page.querySelectorAll("[data-skill]")].some((each) => (state.numbers[each.dataset.skill] ?? []).length < 3);
    if (state.day === today() && !low) return;
    try {
      const answer = await send(page.dataset.numbers, {});
      if (!answer.ok) return;
      const { day, numbers } = await answer.json();
      const now = load();
      const left = now.day === day ? now.numbers : {};
      for (const [skill, some] of Object.entries(numbers)) numbers[skill] = [...(left[skill] ?? []), ...some];
      save({ ...now, day, numbers });
    } catch { /* without network; those left serve */ }
  }

  async function reconcile() {
    for (const ticket of load().told) {
      try {
        const answer = await send(page.dataset.kiosk, ticket);
        if (!answer.ok && !REFUSED.includes(answer.status)) return;
        if (!answer.ok) trouble(`断网时取的${ticket.label ?? ticket.number}号没有补录上：${(await answer.json()).message ?? ""}。请到导办台重新取号。`);
      } catch { return; }
      const now = load();
      save({ ...now, told: now.told.filter((each) => each.guid !== ticket.guid) });
    }
    if (!lost) away(false);
    await setAside();
  }

  function show({ label, skill, ahead, minutes, qr, at }) {
    step("choose").hidden = step("appointment").hidden = step("more").hidden = true;
    step("ticket").hidden = false;
    place("label").textContent = label;
    const wait = ahead === undefined ? "网络恢复后补录，请留意叫号。" : `前面有${ahead}人，大约等${minutes}分钟。`;
    place("told").textContent = `${skill}，${at}取号。${wait}`;
    place("qr").innerHTML = qr ?? "";
    place("qr-words").hidden = !qr;
    say(`您的号是 ${spelled(label)}。${wait}`);
    clearTimeout(back);
    back = setTimeout(begin, BACK_AFTER);
    place("done").focus();
  }

  function begin() {
    clearTimeout(back);
    step("ticket").hidden = true;
    step("more").hidden = false;
    shut(closed);
    place("trouble").hidden = true;
    place("appointment").reset();
    page.querySelector("input[name=priority]").checked = true;
  }

  function trouble(words) {
    place("trouble").textContent = words;
    place("trouble").hidden = false;
    say(words);
  }

  function fromThoseSetAside(ticket, button) {
    if (!inHours()) return trouble(closed || "现在不取号。请看大厅的开放时间，或者问导办台。");
    const state = load();
    const number = state.day === today() ? (state.numbers[ticket.skill] ?? []).shift() : undefined;
    if (number === undefined) return trouble("网络不通，备用的号已经用完。请到导办台取号。");
    const taken = new Date();
    const label = `${button.dataset.letter}${String(number).padStart(3, "0")}`;
    state.told.push({ ...ticket, number, label, taken_at: taken.toISOString() });
    save(state);
    away(true);
    show({ label, skill: button.querySelector("span").textContent, at: taken.toTimeString().slice(0, 5) });
  }

  async function take(button) {
    if (busy) return;
    busy = true;
    place("trouble").hidden = true;
    const ticket = { guid: crypto.randomUUID?.() ?? made(), skill: button.dataset.skill, priority: page.querySelector("input[name=priority]:checked").value };
    try {
      const answer = await send(page.dataset.kiosk, ticket);
      if (answer.ok) show(await answer.json());
      else if (answer.status >= 500) fromThoseSetAside(ticket, button);
      else trouble((await answer.json()).message ?? "没有取到号，请到导办台。");
    } catch {
      fromThoseSetAside(ticket, button);
    } finally {
      busy = false;
    }
  }

  const form = place("appointment");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    place("trouble").hidden = true;
    try {
      const answer = await send(page.dataset.kiosk, { code: form.elements.code.value, priority: page.querySelector("input[name=priority]:checked").value });
      if (answer.ok) show(await answer.json());
      else trouble((await answer.json()).message ?? "没有取到号，请到导办台。");
    } catch {
      trouble("网络不通，预约的请到导办台取号。");
    }
  });
  page.querySelectorAll("[data-digit]").forEach((key) => key.addEventListener("click", () => {
    form.elements.code.value = key.dataset.digit ? (form.elements.code.value + key.dataset.digit).slice(0, 6) : "";
  }));

  // Pages served without TLS have no randomUUID.
  function made() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40; bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  const button = place("speak");
  if (!canSpeak()) button.hidden = true;
  button.addEventListener("click", () => { loud = true; speak(closed || place("say-at-start").textContent); });
  page.querySelectorAll("[data-skill]").forEach((each) => each.addEventListener("click", () => take(each)));
  place("done").addEventListener("click", begin);
  place("print").addEventListener("click", () => window.print());
  const state = ({ waiting, no_tickets, hours }) => {
    place("waiting").textContent = waiting;
    save({ ...load(), hours });
    shut(no_tickets);
  };
  stream(
    page,
    { state },
    (yes) => { lost = yes; if (yes) { byTheClock(); away(true); } else if (!load().told.length) away(false); },
    () => { if (step("ticket").hidden && !busy) window.location.reload(); },
  );
  setInterval(() => { byTheClock(); reconcile(); }, RECONCILE_EVERY);
  reconcile();
}
