// A <details> that stays open beside the list on wide screens and is a sheet over the page on phones.
export function sheet(details) {
  const wide = window.matchMedia("(min-width: 992px)");
  const summary = details.querySelector("summary");
  const closer = details.querySelector("[data-sheet-close]");
  const covers = () => details.open && !wide.matches;
  const fit = () => { details.open = wide.matches; };
  const close = () => { details.open = false; summary.focus(); };
  fit();
  wide.addEventListener("change", fit);
  details.addEventListener("toggle", () => { if (covers()) closer?.focus(); });
  closer?.addEventListener("click", close);
  details.addEventListener("click", (event) => { if (event.target === details && covers()) close(); });
  details.addEventListener("keydown", (event) => { if (event.key === "Escape" && covers()) close(); });
  details.addEventListener("focusout", (event) => { if (covers() && event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false; });
}
