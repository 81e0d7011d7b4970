// The sections of a case are drawn anew when it changes: never under the hands of who fills one in, and each stays
// open or closed as the person left it.
const filledIn = (field) => (field.type === "file" ? field.files.length > 0 : field.value !== field.defaultValue);
const FIELDS = "textarea, input:not([type=hidden], [type=radio], [type=checkbox])";

document.addEventListener("htmx:beforeRequest", (event) => {
  const section = event.target;
  if (section.matches?.(".work > section") && [...section.querySelectorAll(FIELDS)].some(filledIn)) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const section = event.detail.target.closest?.(".work > section");
  if (section) section.dataset.open = [...section.querySelectorAll("details")].map((one) => Number(one.open)).join("");
});

document.addEventListener("htmx:afterSwap", (event) => {
  const section = event.detail.target.closest?.(".work > section");
  if (!section?.dataset.open) return;
  section.querySelectorAll("details").forEach((one, place) => {
    if (place < section.dataset.open.length) one.open = section.dataset.open[place] === "1";
  });
});

// A button to choose files says which were chosen.
document.addEventListener("change", (event) => {
  const chosen = event.target.closest?.(".pick")?.querySelector(".chosen");
  if (chosen) chosen.textContent = [...event.target.files].map((file) => file.name).join(" · ");
});
