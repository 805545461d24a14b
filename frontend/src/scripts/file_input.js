// The browser's own words beside a file input are in the browser's language: a button and the chosen names in ours stand in their place.
// The input lies over them unseen, so that the keyboard, its label and files dropped on it reach it as before.
export function fileInput(input) {
  if (input.closest(".pick")) return;
  const control = document.createElement("span"), button = document.createElement("span"), names = document.createElement("span");
  control.className = "file-control";
  button.className = "btn btn-quiet";
  button.textContent = input.multiple ? "选文件（可以多选）" : "选文件";
  names.className = "file-names";
  for (const each of [button, names]) each.setAttribute("aria-hidden", "true");
  const tell = () => { names.textContent = [...input.files].map((file) => file.name).join("、") || "没有选文件"; };
  input.before(control);
  control.append(button, names, input);
  input.addEventListener("change", () => { tell(); setTimeout(tell); });
  input.form?.addEventListener("reset", () => setTimeout(tell));
  tell();
}
