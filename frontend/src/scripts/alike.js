// What was said before about the same thing, told while somebody writes.
export function alike(field) {
  const shown = document.getElementById("alike");
  let timer, asked = "";
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = field.value.trim().slice(0, 200);
      if (text.length < 4 || text === asked) return;
      asked = text;
      const address = new URL(field.dataset.alike, location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
      if (answer?.ok && text === asked) shown.innerHTML = await answer.text();
    }, 400);
  });
}
