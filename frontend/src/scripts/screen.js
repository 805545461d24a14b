import { canSpeak, speak, spelled } from "./speech.js";
import { stream } from "./stream.js";

// The call screen, read aloud once somebody has turned the sound on (browsers ask for a touch).
export function screen(page) {
  const place = (name) => page.querySelector(`[data-${name}]`);
  let loud = false;
  const button = place("speak");
  if (!canSpeak()) button.hidden = true;
  button.addEventListener("click", () => {
    loud = !loud;
    button.textContent = loud ? "关闭声音" : "打开声音";
    if (loud) speak("声音已经打开");
  });
  const cell = (row, words) => { const made = document.createElement("td"); made.textContent = words; row.append(made); };
  const call = ({ ticket, counter }) => {
    const words = `请 ${spelled(ticket)} 号到 ${counter} 号窗口`;
    place("said").textContent = words;
    if (loud) { speak(words); speak(words); }
  };
  const state = ({ calls, waiting, closed }) => {
    place("waiting").textContent = waiting;
    place("closed").textContent = closed;
    place("closed").hidden = !closed;
    place("calls").replaceChildren(...calls.map((each) => {
      const row = document.createElement("tr");
      cell(row, each.ticket); cell(row, `${each.counter}号窗口`); cell(row, each.at);
      return row;
    }));
  };
  stream(page, { call, state }, (away) => { place("away").hidden = !away; });
}
