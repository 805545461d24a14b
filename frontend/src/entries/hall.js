import { kiosk } from "../scripts/kiosk.js";
import { leave, readAloud } from "../scripts/kiosk_page.js";
import { keptOffline } from "../scripts/offline.js";
import { screen } from "../scripts/screen.js";

document.querySelectorAll("[data-kiosk]").forEach(kiosk);
document.querySelectorAll("[data-read]").forEach(readAloud);
document.querySelectorAll("[data-leave]").forEach(leave);
document.querySelectorAll("[data-screen]").forEach(screen);
document.querySelectorAll("[data-kept-offline]").forEach(keptOffline);
// A place in the queue is asked again while somebody looks at it.
document.querySelectorAll("[data-again]").forEach((part) => setInterval(() => { if (!document.hidden) window.location.reload(); }, 1000 * part.dataset.again));
