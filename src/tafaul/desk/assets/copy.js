// What stands in the field beside the button is copied; where the browser does not allow it, it is marked to be copied.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input, textarea");
  field.select();
  await navigator.clipboard?.writeText(field.value).then(() => (button.textContent = button.dataset.done), () => {});
});
