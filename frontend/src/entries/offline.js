/* global BANSHI */
// The service worker of kiosk, call screen and the checklists of visits. BANSHI (files, version, header) is written before this by the site.
// Pages come from the network; what was kept of them comes only while there is none. What is sent (POST) is never touched.
const FILES = `files-${BANSHI.version}`, PAGES = `pages-${BANSHI.version}`;
const PATIENCE = 5000, KEPT_FOR = 20 * 3600e3;

self.addEventListener("install", (event) => event.waitUntil((async () => {
  await (await caches.open(FILES)).addAll(BANSHI.files);
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  // Pages of the version before name files that are no longer kept: they are asked for anew.
  for (const name of await caches.keys()) if (![FILES, PAGES].includes(name)) await caches.delete(name);
  await self.clients.claim();
  for (const one of await self.clients.matchAll({ type: "window" })) await keep(one.url);
})()));

async function keep(address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual" });
    await keepOrForget(address, answer);
  } catch { /* without network; the next visit keeps it */ }
}

// A page that moved, ended or asks to sign in takes what was kept of it away.
async function keepOrForget(address, answer) {
  const pages = await caches.open(PAGES);
  if (answer.ok && answer.headers.get(BANSHI.header)) await pages.put(address, answer.clone());
  else if (answer.status < 500) await pages.delete(address);
}

async function page(request) {
  const stop = new AbortController(), late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    if (answer.status < 500) {
      await keepOrForget(request.url, answer);
      return answer;
    }
    return (await kept(request)) ?? answer;
  } catch (trouble) {
    const found = await kept(request);
    if (found) return found;
    throw trouble;
  } finally {
    clearTimeout(late);
  }
}

async function kept(request) {
  const pages = await caches.open(PAGES), found = await pages.match(request.url);
  if (!found) return undefined;
  if (Date.now() - Date.parse(found.headers.get("Date")) < KEPT_FOR) return found;
  await pages.delete(request.url);
  return undefined;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (BANSHI.files.includes(new URL(request.url).pathname)) event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
});
