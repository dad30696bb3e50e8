"use strict";
const by = (id) => document.getElementById(id);
const all = Array.from(document.querySelectorAll("article"));
let hits = [];
let now = -1;
let wait = 0;
function show() {
  const zh = document.documentElement.lang.startsWith("zh");
  const words = by(zh ? "hits-zh" : "hits-en").textContent;
  by("hits").textContent = by("q").value ? (hits.length ? now + 1 + " / " : "") + hits.length + " " + words : "";
}
function go(step) {
  if (!hits.length) return;
  if (now >= 0) hits[now].classList.remove("now");
  now = (now + step + hits.length) % hits.length;
  hits[now].classList.add("now");
  hits[now].scrollIntoView({ block: "center" });
  show();
}
function find() {
  const wanted = by("q").value.trim().toLowerCase();
  for (const hit of hits) hit.classList.remove("hit", "now");
  hits = wanted ? all.filter((one) => one.textContent.toLowerCase().includes(wanted)) : [];
  for (const hit of hits) hit.classList.add("hit");
  now = -1;
  if (hits.length) go(1);
  show();
}
by("q").addEventListener("input", () => {
  clearTimeout(wait);
  wait = setTimeout(find, 150);
});
by("q").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) go(event.shiftKey ? -1 : 1);
});
by("before").addEventListener("click", () => go(-1));
by("after").addEventListener("click", () => go(1));
by("tongue").addEventListener("click", () => {
  const root = document.documentElement;
  root.lang = root.lang.startsWith("zh") ? "en" : "zh-CN";
  show();
});
