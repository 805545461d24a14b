"""Pages used by the keys alone: Tab until something is reached, which shows each time where one is."""

from playwright.sync_api import Page

FAR = 120
HERE = """() => {
  const here = document.activeElement, style = getComputedStyle(here), around = getComputedStyle(here.closest("label") ?? here);
  const ring = [style, around].some((each) => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) > 0);
  const label = here.labels?.[0]?.innerText ?? here.closest("td")?.innerText ?? "";
  const box = here.getBoundingClientRect();
  return {
    words: [here.getAttribute("aria-label"), here.role === "region" ? "" : here.innerText, label].filter(Boolean).join(" ").trim(),
    shown: ring || style.boxShadow !== "none" || here.matches(".skip") || here.type === "date",  // its button has a ring of its own
    nowhere: here === document.body,
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def tab_to(page: Page, words: str, *, back: bool = False) -> int:
    """Press Tab until the focus is on what is called so, and tell how often that was."""
    for pressed in range(1, FAR):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        here = page.evaluate(HERE)
        assert here["nowhere"] or here["shown"], f"nothing shows that “{here['words']}” has the focus"
        assert here["nowhere"] or here["inside"], f"“{here['words']}” has the focus out of sight"
        if words in here["words"]:
            return pressed
    raise AssertionError(f"“{words}” is not reached by Tab")


def go(page: Page, words: str) -> None:
    """Press what is called so by Enter, which leads to another page."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement === document.body ? '' : document.activeElement.innerText"))


def reached(page: Page) -> str:
    """Press Tab once, and tell where that leads."""
    page.keyboard.press("Tab")
    return str(page.evaluate(HERE)["words"])
