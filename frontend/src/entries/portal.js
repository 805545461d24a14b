import { start } from "../scripts/page.js";
import { suggest } from "../scripts/suggest.js";
import { checklist } from "../scripts/checklist.js";
import { alike } from "../scripts/alike.js";
import { fileInput } from "../scripts/file_input.js";
import { sheet } from "../scripts/sheet.js";
import { opinion, tidy } from "../scripts/desk.js";
import { retry } from "../scripts/retry.js";
import { questions, sendingAtOnce } from "../scripts/applying.js";

start();
tidy();
document.querySelectorAll("form[data-kept]").forEach(opinion);
document.querySelectorAll("form[data-retry]").forEach(retry);
document.querySelectorAll("form[data-suggest]").forEach(suggest);
document.querySelectorAll("[data-questions]").forEach(questions);
document.querySelectorAll("[data-send-at-once]").forEach(sendingAtOnce);
document.querySelectorAll("input[type=file]").forEach(fileInput);
document.querySelectorAll("[data-checklist]").forEach(checklist);
document.querySelectorAll("[data-alike]").forEach(alike);
document.querySelectorAll("details[data-sheet]").forEach(sheet);
document.querySelectorAll("[data-share]").forEach((button) => {
  if (!navigator.share) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {}));
});
const page = document.querySelector("[data-seen]");
if (page && document.visibilityState === "visible") navigator.sendBeacon(page.dataset.seen);
