"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const SIGNS = { must: "■ 必改", should: "▲ 应改", hint: "● 提示" };
  const AT_ONCE = 100, PRINTED = 2000;
  const list = document.getElementById("list"), more = document.getElementById("more");
  const shown = document.getElementById("shown"), row = document.getElementById("row");
  let matching = [], drawn = 0;

  // A finding: [rule, item or -1, file, sheet, cell, element, quote, message, proposal]
  const rule = (f) => data.rules[f[0]];
  const item = (f) => (f[1] < 0 ? ["", "", ""] : data.items[f[1]]);
  const words = data.found.map((f) => [...item(f), ...rule(f).slice(0, 3), ...f.slice(2)].join("\n").toLowerCase());

  function fill(name, choices) {
    const select = form.elements[name];
    for (const [value, text] of choices) select.add(new Option(text, value));
    if (choices.length < 2) select.parentElement.hidden = true;
  }
  fill("rule", data.rules.map((r) => [r[0], `${r[0].startsWith("BG-") ? "" : r[0] + " "}${r[2]}`.slice(0, 60)]));
  fill("organ", [...new Set(data.items.map((i) => i[1]))].filter(Boolean).sort((a, b) => a.localeCompare(b, "zh")).map((o) => [o, o]));
  fill("file", data.files.map((f) => [f, f]));

  function matches() {
    const chosen = new FormData(form);
    const severities = new Set(chosen.getAll("severity")), text = String(chosen.get("text")).trim().toLowerCase();
    const [code, organ, file] = ["rule", "organ", "file"].map((name) => chosen.get(name));
    return data.found.filter((f, n) => severities.has(rule(f)[1]) && (!code || rule(f)[0] === code)
      && (!organ || item(f)[1] === organ) && (!file || f[2] === file) && (!text || words[n].includes(text)));
  }

  function put(into, name, text) {
    const place = into.querySelector(name);
    place.textContent = text;
    place.hidden = !text;
    return place;
  }

  function made(f) {
    const part = row.content.cloneNode(true), [code, severity, sentence, basis, disposition] = rule(f);
    put(part, ".badge", SIGNS[severity]).classList.add(severity);
    put(part, ".item", item(f)[0]);
    put(part, ".organ", item(f)[1]);
    put(part, ".message", f[7]);
    put(part, ".quote", f[7].includes(f[6]) ? "" : f[6]);
    put(part, ".proposal", f[8] ? `可以这样改：${f[8]}` : disposition ? `处置意见：${disposition}` : "");
    put(part, ".cell", `${data.files.length > 1 ? f[2] + " " : ""}${f[3] === f[2] ? "" : f[3] + "!"}${f[4]}${f[5] ? "　" + f[5] : ""}`);
    put(part, "summary", code.startsWith("BG-") ? sentence : `${code} ${sentence}`);
    put(part, ".basis", basis.length ? `依据：${basis.join("；")}` : "");
    return part;
  }

  function draw(count) {
    const part = document.createDocumentFragment();
    for (const f of matching.slice(drawn, drawn + count)) part.append(made(f));
    list.append(part);
    drawn = Math.min(matching.length, drawn + count);
    more.hidden = drawn >= matching.length;
    const number = (n) => n.toLocaleString("zh-CN");
    shown.textContent = matching.length ? `符合的 ${number(matching.length)} 处，显示 ${number(drawn)} 处。` : "没有符合的问题。换个条件，或清除筛选。";
  }

  function refresh() {
    matching = matches();
    drawn = 0;
    list.replaceChildren();
    draw(AT_ONCE);
  }

  function pick(name, value) {
    form.reset();
    form.elements[name].value = value;
    refresh();
    document.getElementById("findings").scrollIntoView();
    form.elements[name].focus({ preventScroll: true });
  }

  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
  form.addEventListener("reset", () => setTimeout(refresh));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => draw(AT_ONCE));
  for (const button of document.querySelectorAll(".pick")) {
    button.addEventListener("click", () => (button.dataset.rule ? pick("rule", button.dataset.rule) : pick("organ", button.dataset.organ)));
  }
  window.addEventListener("beforeprint", () => draw(Math.max(0, PRINTED - drawn)));
  refresh();
})();
