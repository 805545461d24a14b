// A row opens beside the list: a[data-panel] loads its page's <main data-panel-part> into the dialog.
export function panel(htmx) {
  const dialog = document.querySelector("dialog.side-panel");
  if (!dialog) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    dialog.returnTo = link;
    htmx.ajax("GET", link.href, { target: "#side-panel-body", swap: "innerHTML" }).then(() => dialog.open || dialog.showModal());
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("[data-close]")) dialog.close(); });
  dialog.addEventListener("close", () => dialog.returnTo?.focus());
}
