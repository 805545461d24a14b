// Server-sent events: by a stream that lasts where its port is reached, else from the site itself, which answers and asks to come again.
const FAILURES_OF_AN_OUTAGE = 4, LOOKED_AFTER = 10000;

export function stream(place, handlers, away = () => {}, anew = () => window.location.reload()) {
  const addresses = [place.dataset.stream, place.dataset.streamHere].filter(Boolean);
  let source, tries = 0, which = 0, reached = false;
  const begin = () => {
    source = new EventSource(addresses[which]);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => { tries = 0; reached = true; away(false); handle(JSON.parse(event.data)); });
    }
    source.addEventListener("error", () => {
      tries += 1;
      // The other address, where this one was never reached or is not there any more (its port is another, or gone).
      const gone = reached ? tries % FAILURES_OF_AN_OUTAGE === 0 : tries > 1 && which + 1 < addresses.length;
      if (gone && addresses.length > 1) {
        source.close();
        which = (which + 1) % addresses.length;
        begin();
      }
      // Answers of the site end each time; only several failures in a row are an outage.
      away(tries >= FAILURES_OF_AN_OUTAGE);
    });
  };
  begin();
  // An answer that is no stream (the server is starting, the address has ended) ends it for good: the page is asked for anew, once it is there.
  window.setInterval(async () => {
    if (source.readyState !== EventSource.CLOSED || !navigator.onLine) return;
    const answer = await fetch(window.location.href, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) anew();
  }, LOOKED_AFTER);
}
