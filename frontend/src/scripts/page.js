// What every page does: says that scripts run, prints, dismisses, confirms once.
const DOUBLE = 2000;

// A second click on the same form while the first is on its way does nothing.
function once(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (event.timeStamp - Number(form.dataset.sent ?? -DOUBLE) < DOUBLE) event.preventDefault();
  else form.dataset.sent = event.timeStamp;
}

export function start() {
  document.documentElement.classList.add("script");
  document.addEventListener("click", (event) => {
    const print = event.target.closest("[data-print]");
    if (print) { event.preventDefault(); window.print(); }
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.once !== undefined) setTimeout(() => { button.disabled = true; });
    once(event);
  });
  // Where the keyboard goes on: at what is wrong, else at what was just done or asked, unless the address or the page names a place.
  const named = location.hash || document.querySelector("[autofocus]");
  const landing = document.querySelector("[data-error-summary]") ?? (named ? null : document.querySelector("[data-landing]"));
  landing?.focus();
  // A page that says what is wrong answers a post: whoever comes back to it asks for it anew, and is not asked to send the form again.
  if (landing?.dataset.errorSummary !== undefined) history.replaceState(history.state, "");
}
