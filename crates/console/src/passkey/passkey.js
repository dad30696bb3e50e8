// The ceremony in the person's browser. What comes back is checked by the command that opened this page, not here.
"use strict";
(() => {
  const ask = document.querySelector("main").dataset;
  const button = document.querySelector("button");
  const says = document.querySelector("#says");
  button.addEventListener("click", async () => {
    button.disabled = true;
    says.textContent = "";
    try {
      const made = await (ask.kind === "add" ? ceremony.create(ask) : ceremony.sign(ask));
      const reply = await fetch(location.pathname, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(made.answer),
      });
      says.textContent = await reply.text();
      says.className = reply.ok ? "done" : "refused";
      // One answer is one answer: the page is over, whatever was said to it.
    } catch (error) {
      says.textContent = ask.no.replace("%", `${error.name}: ${error.message}`);
      says.className = "refused";
      button.disabled = false;
    }
  });
  button.hidden = false;
})();
