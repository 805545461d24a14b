// The guide's editor. The page works without it (saving, adding, moving, removing are submit buttons); scripts save as
// one types, move rows without loading, and keep what could not be sent.
import { advice } from "./advice.js";
import { rows } from "./rows.js";
import { saving } from "./saving.js";
import { sections } from "./sections.js";
import { side } from "./side.js";
import { uploads } from "./uploads.js";

export function editor(root) {
  const form = root.querySelector("#guide-form");
  const aside = side(root);
  const saver = saving(root, form, () => aside.refresh());
  const checker = advice(root, form);
  rows(form, () => { saver.changed(); checker.later(); });
  uploads(form, root.dataset.uploadTo, saver.changed);
  sections(root);
  const focus = root.dataset.focus && document.getElementById(root.dataset.focus.replace(/\./g, "-"));
  if (focus) { focus.scrollIntoView({ block: "center" }); (focus.querySelector("input:not([type=hidden]), textarea") ?? focus).focus(); }
}
