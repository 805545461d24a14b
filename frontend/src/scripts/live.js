import { stream } from "./stream.js";

// A page that shows itself anew when something has happened: asked for again as a whole, of which its live part is taken.
const PAUSE = 3000;

export function live(part) {
  let seen;
  const renew = async () => {
    const answer = await fetch(window.location.href).catch(() => null);
    // Signed out, or no longer allowed to see it: what stands here is taken away, unless somebody is writing on the page.
    if (answer?.redirected || [401, 403, 404].includes(answer?.status)) {
      if (!document.activeElement?.form) window.location.reload();
      return;
    }
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-stream]");
    // Never under the hands of who is using it.
    if (!fresh || part.contains(document.activeElement)) return;
    part.replaceChildren(...fresh.childNodes);
    part.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: part } }));
  };
  let coming = 0;
  stream(part, {
    state: ({ stamp }) => {
      const first = seen === undefined, same = seen === stamp;
      seen = stamp;
      if (first || same || coming) return;
      coming = setTimeout(() => { coming = 0; if (!document.hidden) renew(); }, PAUSE);
    },
  });
}
