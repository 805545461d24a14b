// A <details> that is a sheet on phones and stays open beside the list on wide screens.
export function sheet(details) {
  const wide = window.matchMedia("(min-width: 992px)");
  const fit = () => { details.open = wide.matches; };
  fit();
  wide.addEventListener("change", fit);
}
