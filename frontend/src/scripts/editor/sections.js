// Marks in the list of sections the one that is being read.
export function sections(root) {
  const links = new Map([...root.querySelectorAll("[data-section]")].map((link) => [`s-${link.dataset.section}`, link]));
  const seen = new Map();
  const mark = () => {
    const first = [...links.keys()].find((id) => seen.get(id));
    links.forEach((link, id) => { if (id === first) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); });
  };
  const watch = new IntersectionObserver((found) => { found.forEach((each) => seen.set(each.target.id, each.isIntersecting)); mark(); }, { rootMargin: "-232px 0px -40% 0px" });
  root.querySelectorAll("section.chapter").forEach((section) => watch.observe(section));
}
