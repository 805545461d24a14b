// Saving by itself: a while after the last stroke, over the state last seen; what can't be sent stays on this computer.
import { forget, kept, keep, sendBack } from "./kept.js";
import { showProblems, showProgress } from "./showing.js";

const WAIT = 1200, WAIT_AT_MOST = 8000, RETRY = 10000;

export function saving(root, form, afterwards) {
  const said = document.getElementById("save-state");
  const key = `guide:${form.elements.revision.value}`;
  let dirty = false, busy = false, frozen = false, timer = 0, since = 0;
  const say = (text, bad = false) => { said.textContent = text; said.classList.toggle("bad", bad); };

  const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };
  const changed = () => {
    if (!dirty) since = Date.now();
    dirty = true;
    keep(key, form);
    if (frozen) return;
    say("还没有保存…");
    later(Math.max(0, Math.min(WAIT, since + WAIT_AT_MOST - Date.now())));
  };

  async function save() {
    clearTimeout(timer);
    if (busy) return later(300);
    if (frozen) return false;
    busy = true;
    dirty = false;
    since = Date.now();
    say("正在保存…");
    const done = await send().catch(() => ({ failed: "网络不通，内容先存在这台电脑上，会自动再试" }));
    busy = false;
    if (done.failed) {
      dirty = true;
      say(done.failed, true);
      if (!frozen) later(RETRY);
      return false;
    }
    if (!dirty && !done.wrong) forget(key);
    say(dirty ? "还没有保存…" : done.wrong ? `${done.words},有${done.wrong}处没能保存` : done.words, !!done.wrong);
    afterwards();
    return true;
  }

  async function send() {
    const body = new FormData(form);
    [...body].forEach(([name, value]) => { if (value instanceof File) { body.delete(name); const typed = form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`); if (typed) body.set(name, typed.value); } });
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (answer.redirected || answer.status === 403) return { failed: "登录已过期，内容存在这台电脑上。请在新窗口登录后回来继续" };
    if (!isJson) return { failed: "服务器没能保存，内容先存在这台电脑上，会自动再试" };
    const told = await answer.json();
    if (answer.status >= 500) return { failed: `${told.message}，内容先存在这台电脑上，会自动再试` };
    if (answer.status === 409) return clash(told);
    form.elements.stamp.value = told.stamp;
    form.elements.seen.value = told.seen;
    showProblems(form, told.problems);
    showProgress(root, told);
    return { words: told.words, wrong: Object.keys(told.problems).length };
  }

  function clash(told) {
    frozen = true;
    const notice = document.getElementById("clash");
    notice.querySelector("[data-clash-message]").textContent = told.message;
    notice.querySelector("[data-clash-remedy]").textContent = told.remedy;
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
    return { failed: "没有保存，请先对照两份内容" };
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => { if (event.target.type !== "file") changed(); });
  form.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input")) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.toConflict !== undefined) { dirty = false; return; }
    event.preventDefault();
    if (button?.value === "save") save();
  });
  window.addEventListener("beforeunload", (event) => { if (dirty || busy) event.preventDefault(); });
  window.addEventListener("online", () => { if (dirty) save(); });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-leave]");
    if (!link || !(dirty || busy)) return;
    event.preventDefault();
    while (busy) await new Promise((next) => setTimeout(next, 100));
    if (!dirty || await save()) location.assign(link.href);
  });

  const left = kept(key, form);
  if (root.dataset.unsaved !== undefined) changed();
  else if (left) offer(left);

  function offer(copy) {
    const notice = document.getElementById("restore");
    notice.querySelector("[data-restore-at]").textContent = new Date(copy.at).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit" });
    notice.querySelector("[data-restore]").addEventListener("click", () => { dirty = false; sendBack(form, copy); });
    notice.querySelector("[data-forget]").addEventListener("click", () => { forget(key); notice.hidden = true; });
    notice.hidden = false;
  }

  return { changed, save };
}
