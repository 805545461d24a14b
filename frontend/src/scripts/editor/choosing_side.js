// 全部用我的 / 全部用对方的, on the page where two versions meet.
export function choosingSide(button) {
  button.addEventListener("click", () => document.querySelectorAll(`.clash input[value="${button.dataset.chooseSide}"]`).forEach((radio) => { radio.checked = true; }));
}
