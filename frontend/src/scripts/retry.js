// A form the server could not save for want of space or of a free database: sent again by itself, unless one says no.
export function retry(form) {
  const left = form.querySelector("[data-retry-left]"), said = form.querySelector("[data-retry-said]");
  let seconds = Number(form.dataset.retry);
  said.hidden = false;
  const timer = setInterval(() => {
    seconds -= 1;
    left.textContent = seconds;
    if (seconds <= 0) { clearInterval(timer); HTMLFormElement.prototype.submit.call(form); }
  }, 1000);
  form.querySelector("[data-retry-stop]").addEventListener("click", () => { clearInterval(timer); said.hidden = true; });
  form.addEventListener("submit", () => clearInterval(timer));
}
