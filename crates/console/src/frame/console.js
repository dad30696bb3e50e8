// The console's only script; every page works without it. It knows no page: it works on what the markup says (data-live, data-tell, data-copy).
"use strict";

// ---- Light or dark, before anything is drawn ------------------------------------------------------------------------------------------

const THEMES = ["auto", "light", "dark"];
const kept = {
  get() { try { return localStorage.getItem("theme"); } catch { return null; } },
  set(value) { try { localStorage.setItem("theme", value); } catch { /* A browser that keeps nothing asks again. */ } },
};
function theme(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}
let chosen = THEMES.includes(kept.get()) ? kept.get() : "auto";
theme(chosen);

// ---- What is said to those who listen ---------------------------------------------------------------------------------------------------

function say(text) {
  const said = document.getElementById("said");
  if (said && text) said.textContent = text;
}

// ---- Live parts -------------------------------------------------------------------------------------------------------------------------

const parts = () => [...document.querySelectorAll("[data-live][id]")];

// Whether somebody has typed or chosen something in it.
function touched(part) {
  return [...part.querySelectorAll("input, textarea, select")].some((field) => {
    if (field.type === "file") return field.files.length > 0;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected && !option.disabled && field.selectedIndex > 0);
    return field.value !== field.defaultValue;
  });
}

const inField = (element) => element && element.matches("input, textarea, select");

// How an element is found again in the new markup: by its id, else by what it is and says.
function mark(element) {
  if (element.id) return (root) => root.querySelector(`#${CSS.escape(element.id)}`);
  const { tagName, textContent } = element;
  return (root) => [...root.querySelectorAll(tagName)].find((other) => other.textContent === textContent);
}

function replace(part, fresh) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  if (inField(focused) || touched(part)) return false;
  if (part.dataset.read === fresh.innerHTML) return true;
  const before = new Map([...part.querySelectorAll("[data-tell][id]")].map((one) => [one.id, one.textContent]));
  const open = [...part.querySelectorAll("details[open] > summary")].map(mark);
  const again = focused && mark(focused);
  part.dataset.read = fresh.innerHTML;
  part.innerHTML = fresh.innerHTML;
  dress(part);
  for (const find of open) { const summary = find(part); if (summary) summary.parentElement.open = true; }
  if (again) (again(part) || document.getElementById("main")).focus({ preventScroll: true });
  const news = [...part.querySelectorAll("[data-tell][id]")].filter((one) => before.get(one.id) !== one.textContent);
  for (const one of news) one.dataset.fresh = "";
  say(news.map((one) => one.textContent.trim()).join(". "));
  return true;
}

let reading = false;
let again = false;
// A service that many look at is asked the less often the longer it takes to answer.
const rest = (took) => Math.min(Math.max(20 * took, 500), 5000);
async function refresh() {
  if (reading) { again = true; return; }
  reading = true;
  const begun = performance.now();
  try {
    const reply = await fetch(location.href, { credentials: "same-origin" });
    if (reply.redirected || !reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const late = parts().filter((part) => {
      const fresh = page.getElementById(part.id);
      return fresh && !replace(part, fresh);
    });
    // What somebody is typing in stays as it is, and is read anew when they have left it.
    for (const part of late) part.addEventListener("focusout", () => setTimeout(refresh, 0), { once: true });
  } catch {
    // Not reached; the stream says so, and asks again.
  } finally {
    setTimeout(() => {
      reading = false;
      if (again) { again = false; refresh(); }
    }, rest(performance.now() - begun));
  }
}

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;
let wait = FIRST_WAIT;
function listen() {
  const stream = new EventSource("/live");
  const lost = document.getElementById("lost");
  stream.addEventListener("journal", refresh);
  stream.addEventListener("open", () => {
    if (!lost.hidden) refresh();
    lost.hidden = true;
    wait = FIRST_WAIT;
  });
  stream.addEventListener("error", () => {
    stream.close();
    // A page that is left says nothing more; one blink is not worth telling.
    if (wait > FIRST_WAIT) lost.hidden = false;
    setTimeout(listen, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}

// ---- Dressing: what a page has only where there is a script -------------------------------------------------------------------------------

// Each cell knows its column, so that a row can be a card.
function label(table) {
  const names = [...table.querySelectorAll("thead th")].map((th) => th.textContent.trim());
  if (names.length === 0) return;
  for (const row of table.tBodies[0]?.rows ?? []) {
    [...row.cells].forEach((cell, n) => {
      cell.dataset.label = names[n] ?? "";
      if (!cell.textContent.trim() && !cell.querySelector("input, a, button")) cell.dataset.empty = "";
    });
  }
  table.dataset.cards = "";
}

function copies(code) {
  if (code.nextElementSibling?.className === "copy" || !navigator.clipboard) return;
  const { copy, copied } = document.getElementById("said").dataset;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "copy", textContent: copy });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = copied;
    say(copied);
    setTimeout(() => { button.textContent = copy; }, 2000);
  });
  code.after(button);
}

function dress(root) {
  for (const table of root.querySelectorAll(".scroll > table")) label(table);
  for (const code of root.querySelectorAll("code[data-copy]")) copies(code);
}

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  const show = () => { button.textContent = button.dataset[chosen]; };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    chosen = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length];
    kept.set(chosen);
    theme(chosen);
    show();
  });
  // What was typed before a session ended is shown on the page that it belongs to.
  const here = document.querySelector("meta[name=here]");
  if (here) history.replaceState(null, "", here.content);
  for (const part of parts()) part.dataset.read = part.innerHTML;
  dress(document);
  if (parts().length > 0) listen();
});

// ---- Forms --------------------------------------------------------------------------------------------------------------------------------

// Enter that ends a word of an input method sends nothing.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
});

// A form is sent once: a second click comes too late. Back from the cache of the browser, it can be sent again.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
// What was unfolded and is folded again begins anew.
document.addEventListener("toggle", (event) => {
  if (event.target.tagName === "DETAILS" && !event.target.open) for (const form of event.target.querySelectorAll("form")) form.reset();
}, true);
// The table of groups by keyboard: j and k go down and up, x picks, / searches, p goes on to the plan. Whoever types is left alone.
const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !rows().length) return;
  const all = rows(), at = all.findIndex((row) => row.contains(document.activeElement));
  const to = { j: at + 1, k: at - 1 }[event.key];
  if (to !== undefined) all[Math.max(0, Math.min(all.length - 1, to))].querySelector("input").focus();
  else if (event.key === "x" && at >= 0) all[at].querySelector("input").click();
  else if (["/", "p"].includes(event.key)) document.querySelector(`[data-key="${event.key}"]`)?.focus();
  else return;
  event.preventDefault();
});
