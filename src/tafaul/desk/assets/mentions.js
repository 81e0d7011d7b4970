// An @ in a note offers colleagues: arrows choose, Enter or Tab takes, Escape closes.
let asked = 0;

const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const begun = (field) => /(?:^|[^A-Za-z0-9_.+@-])@([\p{L}\p{N}._+-]{0,40})$/u.exec(field.value.slice(0, field.selectionStart));

function close(field) {
  const list = listOf(field);
  list.hidden = true;
  list.replaceChildren();
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function choose(field, option) {
  listOf(field).querySelectorAll("[role=option]").forEach((one) => one.setAttribute("aria-selected", one === option));
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function take(field, option) {
  const found = begun(field);
  if (found) {
    const start = field.selectionStart - found[1].length;
    field.setRangeText(`${option.dataset.name} `, start, field.selectionStart, "end");
  }
  close(field);
  field.focus();
}

async function offer(field) {
  const found = begun(field);
  const turn = ++asked;
  if (!found) return close(field);
  const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(found[1])}`);
  if (!answer.ok || turn !== asked) return;
  const list = listOf(field);
  list.innerHTML = await answer.text();
  list.hidden = !list.children.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  if (!list.hidden) choose(field, list.firstElementChild);
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.mentions) offer(event.target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.dataset?.mentions || listOf(field).hidden) return;
  const options = [...listOf(field).children];
  const now = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(field, options[(now + 1) % options.length]);
  else if (event.key === "ArrowUp") choose(field, options[(now - 1 + options.length) % options.length]);
  else if (event.key === "Enter" || event.key === "Tab") take(field, options[now]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
});

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest?.("#note-mentions [role=option]");
  if (!option) return;
  event.preventDefault();
  take(document.querySelector("[data-mentions]"), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.dataset?.mentions) close(event.target);
});
