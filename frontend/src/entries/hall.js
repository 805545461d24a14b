import { kiosk } from "../scripts/kiosk.js";
import { screen } from "../scripts/screen.js";

document.querySelectorAll("[data-kiosk]").forEach(kiosk);
document.querySelectorAll("[data-screen]").forEach(screen);
