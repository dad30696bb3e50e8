// Forms of the console that a passkey answers: the browser is asked, its answer is put into the form, and the form is sent as any other.
"use strict";
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const ask = form.dataset;
  if (!ask.passkey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = form.querySelector("button");
  const says = form.querySelector("[role=status]");
  if (button.disabled) return;
  button.disabled = true;
  says.textContent = "";
  try {
    const made = await (ask.passkey === "add" ? ceremony.create(ask) : ceremony.sign(ask));
    form.elements.answer.value = JSON.stringify(made.answer);
    if (form.elements.secret) form.elements.secret.value = made.secret;
    form.submit();
  } catch (error) {
    says.textContent = ask.no.replace("%", `${error.name}: ${error.message}`);
    says.className = "bad";
    button.disabled = false;
  }
}, true);
