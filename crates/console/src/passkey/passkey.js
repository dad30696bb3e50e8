// The ceremony in the person's browser. What comes back is checked by the command that opened this page, not here.
"use strict";
(() => {
  const ask = document.querySelector("main").dataset;
  const button = document.querySelector("button");
  const says = document.querySelector("#says");
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const have = ask.have.split(",").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));

  const create = async () => {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(ask.challenge),
        rp: { id: ask.rp, name: "Adjourn" },
        user: { id: bytes(ask.user), name: ask.name, displayName: ask.name },
        // ES256 and EdDSA; what else there is, is refused.
        pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        excludeCredentials: have,
        attestation: "none",
      },
    });
    return {
      credential: hex(made.rawId),
      authenticator_data: hex(made.response.getAuthenticatorData()),
      client_data: hex(made.response.clientDataJSON),
      public_key: hex(made.response.getPublicKey()),
    };
  };

  const sign = async () => {
    const made = await navigator.credentials.get({
      publicKey: {
        challenge: bytes(ask.challenge),
        rpId: ask.rp,
        allowCredentials: have,
        userVerification: "required",
      },
    });
    return {
      credential: hex(made.rawId),
      authenticator_data: hex(made.response.authenticatorData),
      client_data: hex(made.response.clientDataJSON),
      signature: hex(made.response.signature),
    };
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    says.textContent = "";
    try {
      const answer = ask.kind === "add" ? await create() : await sign();
      const reply = await fetch(location.pathname, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(answer),
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
