import { canSpeak, speak } from "./speech.js";

const LEFT_AFTER = 120000;

// A page at the kiosk is read to whoever asks, line by line; asked again, it stops.
export function readAloud(button) {
  if (!canSpeak()) button.hidden = true;
  button.addEventListener("click", () => {
    if (window.speechSynthesis.speaking) return window.speechSynthesis.cancel();
    document.querySelectorAll("[data-read-this]").forEach((part) => part.innerText.split("\n").filter(Boolean).forEach(speak));
  });
}

// What is somebody's own does not stay on the screen when they have gone.
export function leave(page) {
  let later;
  const again = () => {
    clearTimeout(later);
    const after = page.dataset.leaveAfter ? 1000 * page.dataset.leaveAfter : LEFT_AFTER;
    later = setTimeout(() => window.location.replace(page.dataset.leave), after);
  };
  for (const sign of ["pointerdown", "keydown", "scroll"]) window.addEventListener(sign, again);
  again();
}
