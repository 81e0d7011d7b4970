import htmx from "htmx.org";
import "htmx-ext-sse";
import "./mentions.js";
import "./presence.js";
import "./work.js";
import "./cases.js";
import "./copy.js";

window.htmx = htmx;
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;

const saved = (reference) => `reply ${reference}`;

// What a person types is kept while they look elsewhere, and only in their own browser.
function restore(composer) {
  const text = composer.querySelector("textarea");
  const kept = sessionStorage.getItem(saved(composer.dataset.reference));
  if (kept !== null && text && !text.dataset.error) {
    text.value = kept;
    composer.dataset.typed = "yes";
    htmx.trigger(text, "measure");
  }
}

document.addEventListener("input", (event) => {
  const composer = event.target.closest?.(".composer");
  if (composer && event.target.tagName === "TEXTAREA") {
    composer.dataset.typed = "yes";
    sessionStorage.setItem(saved(composer.dataset.reference), event.target.value);
  }
});

// Choosing a way of answering brings its approved words, but never over a person's own without asking.
document.addEventListener("htmx:confirm", (event) => {
  const composer = event.target.closest?.(".composer");
  if (!composer || !event.target.matches("[name=mode]") || composer.dataset.typed !== "yes") return;
  event.preventDefault();
  if (window.confirm(composer.dataset.ask)) {
    composer.dataset.typed = "";
    sessionStorage.removeItem(saved(composer.dataset.reference));
    event.detail.issueRequest(true);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  markOpenCase();
  const sent = document.querySelector("[data-sent]");
  if (sent) sessionStorage.removeItem(saved(sent.dataset.sent));
  document.querySelectorAll(".composer:not([data-ready])").forEach((composer) => {
    composer.dataset.ready = "yes";
    restore(composer);
  });
  const conversation = document.querySelector(".conversation");
  if (conversation && event.detail.target.contains(conversation)) conversation.scrollTop = conversation.scrollHeight;
});

// A list that somebody is reading does not jump: news waits behind a button.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "list" || event.detail.requestConfig.triggeringEvent?.type === "refresh") return;
  if (event.target.querySelector(".rows").scrollTop > 60) {
    event.preventDefault();
    event.target.querySelector(".news").hidden = false;
  }
});

function markOpenCase() {
  document.querySelectorAll("a.row").forEach((row) => {
    if (row.pathname === location.pathname) row.setAttribute("aria-current", "true");
  });
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".news")) htmx.trigger(".cases", "refresh");
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.target.closest?.("form.composer")?.requestSubmit();
    return;
  }
  if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...document.querySelectorAll(".rows a.row")];
  const now = rows.findIndex((row) => row === document.activeElement);
  if (event.key === "j") rows[Math.min(now + 1, rows.length - 1)]?.focus();
  else if (event.key === "k") rows[Math.max(now - 1, 0)]?.focus();
  else if (event.key === "/") document.querySelector("input[type=search]")?.focus();
  else return;
  event.preventDefault();
});

document.addEventListener("DOMContentLoaded", () => {
  markOpenCase();
  document.querySelectorAll(".composer").forEach((composer) => {
    composer.dataset.ready = "yes";
    restore(composer);
  });
  const conversation = document.querySelector(".conversation");
  if (conversation) conversation.scrollTop = conversation.scrollHeight;
});

// What keeps a passkey from being used, such as a person who cancels, is said on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("[data-passkey-error]").hidden = false;
});

// Stretches of a day are added and taken away while the hours are written.
document.addEventListener("click", (event) => {
  const add = event.target.closest?.("[data-add]");
  if (add) {
    const template = add.parentElement.querySelector("template");
    template.before(template.content.cloneNode(true));
    template.previousElementSibling.querySelector("[type=time]").focus();
  }
  event.target.closest?.("[data-remove]")?.closest(".stretch").remove();
});

document.addEventListener("submit", (event) => {
  const ask = event.target.dataset.askFirst;
  if (ask && !window.confirm(ask)) event.preventDefault();
});

// Enter in a field that looks for something does not send the form around it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("form[method=post] input[type=search]")) event.preventDefault();
});
