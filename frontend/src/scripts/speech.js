// Reads aloud in Chinese where the browser can; calls wait for each other.
export const canSpeak = () => "speechSynthesis" in window;

export function speak(words) {
  if (!canSpeak()) return;
  const said = new SpeechSynthesisUtterance(words);
  said.lang = "zh-CN";
  said.rate = 0.9;
  window.speechSynthesis.speak(said);
}

// A001 is read one sign after the other.
export const spelled = (label) => label.split("").join(" ");
