import htmx from "htmx.org";
import { start } from "../scripts/page.js";
import { choosing, table } from "../scripts/table.js";
import { columns } from "../scripts/columns.js";
import { panel } from "../scripts/panel.js";
import { editor } from "../scripts/editor/editor.js";
import { copying, keys, opinion, tidy } from "../scripts/desk.js";
import { choosingSide } from "../scripts/editor/choosing_side.js";
import { questions } from "../scripts/applying.js";
import { forgetKept, keptOffline } from "../scripts/offline.js";
import { cardReader, reception, route, shortcuts, signPad } from "../scripts/reception.js";
import { unsaved } from "../scripts/unsaved.js";
import { fileInput } from "../scripts/file_input.js";
import { live } from "../scripts/live.js";

// No eval and no style of its own (the content security policy allows neither); errors come as fragments and are shown.
Object.assign(htmx.config, { allowEval: false, includeIndicatorStyles: false, historyCacheSize: 0, selfRequestsOnly: true });
htmx.config.responseHandling = [{ code: "204", swap: false }, { code: "[23]..", swap: true }, { code: "[45]..", swap: true, error: true }];
window.htmx = htmx;

start();
// htmx:load comes for the whole page too: nothing may begin twice (a row would be ticked and unticked by one key).
const once = (root, selector, begin) => root.querySelectorAll(selector).forEach((each) => { if (!each.dataset.begun) { each.dataset.begun = "1"; begin(each); } });
const ready = (root) => {
  once(root, "[data-table]", (each) => { table(each); columns(each); });
  once(root, "form[data-choosing]", choosing);
  once(root, "input[type=file]", fileInput);
};
ready(document);
document.querySelectorAll("[data-editor]").forEach(editor);
document.querySelectorAll("[data-choose-side]").forEach(choosingSide);
tidy();
document.querySelectorAll("form[data-kept]").forEach(opinion);
document.querySelectorAll("form[data-unsaved-asks]").forEach(unsaved);
document.querySelectorAll("[data-copy]").forEach(copying);
document.querySelectorAll("[data-sign-pad]").forEach(signPad);
document.querySelectorAll("[data-card-reader]").forEach(cardReader);
document.querySelectorAll("[data-reception]").forEach(reception);
document.querySelectorAll("[data-reception] [data-questions]").forEach(questions);
document.querySelectorAll("[data-route]").forEach(route);
document.querySelectorAll("[data-kept-offline]").forEach(keptOffline);
document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", () => { if (window.caches) forgetKept(); }));
document.querySelectorAll("[data-stream]").forEach(live);
shortcuts();
keys();
panel(htmx);
document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});
document.addEventListener("htmx:sendError", () => {
  const place = document.getElementById("notices");
  if (place) place.textContent = "网络不通，刚才的操作没有送到。请检查网络后再试一次。";
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    const box = document.querySelector(".staff-top input[type=search]");
    box?.focus();
    box?.select();
  }
});
