// Pages that come back without network (sites/kit/offline.py). Browsers allow it by TLS or on the same computer only.
export function keptOffline(page) {
  navigator.serviceWorker?.register("/offline.js", { scope: page.dataset.keptOffline, updateViaCache: "none" }).catch(() => {});
}

// What one may see ends with signing out.
export const forgetKept = async () => {
  for (const name of await caches.keys()) if (name.startsWith("pages-")) await caches.delete(name);
};
