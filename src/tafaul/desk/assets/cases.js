import htmx from "htmx.org";

// A list in which rows are ticked does not change under the hands of who ticks: news waits behind the button.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (requestConfig.elt.id !== "list" || requestConfig.triggeringEvent?.type === "refresh") return;
  if (target.querySelector(".tick-row :checked")) {
    event.detail.shouldSwap = false;
    target.querySelector(".news").hidden = false;
  }
});

// What became of the ticked cases is told; then the list is drawn anew, without ticks.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "many" || !event.detail.successful) return;
  document.querySelectorAll(".tick-row :checked").forEach((tick) => { tick.checked = false; });
  htmx.trigger(".cases", "refresh");
});

// What opens over the page closes again with Escape or a click beside it.
const OVER = ".priority[open], .closing[open]";
document.addEventListener("click", (event) => {
  document.querySelectorAll(OVER).forEach((over) => { if (!over.contains(event.target)) over.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(OVER).forEach((over) => { over.open = false; });
});
