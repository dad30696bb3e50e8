// The console's only script; every page works without it. Parts marked data-live are read again when the journal tells of something new:
// the same page, from the same template, and only these parts of it are put in place.
"use strict";
const parts = () => [...document.querySelectorAll("[data-live]")];
const touched = (part) => [...part.querySelectorAll("input, textarea")].some((field) =>
  field.type === "file" ? field.files.length : field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
let reading = false, again = false;
async function refresh() {
  if (reading) { again = true; return; }
  reading = true;
  try {
    const reply = await fetch(location.href, { credentials: "same-origin" });
    if (reply.redirected || !reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    for (const part of parts()) {
      const fresh = page.getElementById(part.id);
      // What somebody is typing in, or has chosen, stays as it is.
      if (fresh && !part.contains(document.activeElement) && !touched(part) && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
    }
  } finally {
    reading = false;
    if (again) { again = false; setTimeout(refresh, 500); }
  }
}
if (parts().length) {
  const stream = new EventSource("/live");
  stream.addEventListener("journal", refresh);
}
// A form is sent once: a second click comes too late.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "1";
});
// Back from the cache of the browser, it can be sent again.
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
