import htmx from "htmx.org";

// A page that is looked at gives a sign every ten seconds, and when somebody types every three at most.
const EVERY = 10_000;
const WRITES_EVERY = 3_000;
let wroteAt = 0;

function sign(values = {}) {
  const presence = document.getElementById("presence");
  if (!presence || document.hidden) return;
  htmx.ajax("POST", presence.getAttribute("hx-get"), { target: presence, swap: "outerHTML", values });
}

setInterval(sign, EVERY);
document.addEventListener("DOMContentLoaded", () => sign());
document.addEventListener("visibilitychange", () => sign());
document.addEventListener("input", (event) => {
  if (!event.target.matches?.(".composer textarea, .write-note textarea") || Date.now() - wroteAt < WRITES_EVERY) return;
  wroteAt = Date.now();
  sign({ writes: "1" });
});

window.addEventListener("pagehide", () => {
  const presence = document.getElementById("presence");
  if (!presence) return;
  const told = new FormData();
  told.set("leaves", "1");
  told.set("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
  navigator.sendBeacon(presence.getAttribute("hx-get"), told);
});
