import { canSpeak, speak, spelled } from "./speech.js";

// The call screen: told by server-sent events, read aloud once somebody has turned the sound on (browsers ask for a touch).
export function screen(page) {
  const place = (name) => page.querySelector(`[data-${name}]`);
  let loud = false, tries = 0;
  const button = place("speak");
  if (!canSpeak()) button.hidden = true;
  button.addEventListener("click", () => {
    loud = !loud;
    button.textContent = loud ? "关闭声音" : "打开声音";
    if (loud) speak("声音已经打开");
  });
  const source = new EventSource(page.dataset.screen);
  const cell = (row, words) => { const made = document.createElement("td"); made.textContent = words; row.append(made); };
  source.addEventListener("call", (event) => {
    const { ticket, counter } = JSON.parse(event.data);
    const words = `请 ${spelled(ticket)} 号到 ${counter} 号窗口`;
    place("said").textContent = words;
    if (loud) { speak(words); speak(words); }
  });
  source.addEventListener("state", (event) => {
    tries = 0;
    place("away").hidden = true;
    const { calls, waiting } = JSON.parse(event.data);
    place("waiting").textContent = waiting;
    place("calls").replaceChildren(...calls.map((each) => {
      const row = document.createElement("tr");
      cell(row, each.ticket); cell(row, `${each.counter}号窗口`); cell(row, each.at);
      return row;
    }));
  });
  // The stream ends after each answer and comes again; only several failures in a row are an outage.
  source.addEventListener("error", () => { tries += 1; place("away").hidden = tries < 4; });
  // An answer that is no stream (the server is starting) ends it for good: begin anew.
  window.setInterval(() => { if (source.readyState === EventSource.CLOSED) window.location.reload(); }, 10000);
}
