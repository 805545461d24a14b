// What every page does: says that scripts run, prints, dismisses, confirms once.
export function start() {
  document.documentElement.classList.add("script");
  document.addEventListener("click", (event) => {
    const print = event.target.closest("[data-print]");
    if (print) { event.preventDefault(); window.print(); }
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.once !== undefined) setTimeout(() => { button.disabled = true; });
  });
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}
