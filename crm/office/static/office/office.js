// What buttons and choices of the office do by themselves: a page has no script of its own (CSP).
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
// The theme writes the name of a chosen file into the text field beside it: a form of ours has none,
// or one that is for something else.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches(".office-filter [type=file], .office-form [type=file]")) {
      event.stopPropagation();
    }
  },
  true,
);
// What the start page sums once it stands did not come: said wherever it was to stand.
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => {
    if (event.target.id !== "office-figures") return;
    for (const place of document.querySelectorAll("[aria-busy] [data-failed]")) {
      place.textContent = place.dataset.failed;
    }
  });
}
