// What every page with a passkey shares: it asks the browser, and gives what came back as hex. What it is worth is decided by the server.
"use strict";
const ceremony = (() => {
  const bytes = (hex) => Uint8Array.from((hex || "").match(/../g) || [], (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const known = (ids) => (ids || "").split(",").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) }));
  // An authenticator that can makes a secret of its own from this input, the same one each time.
  const prf = (ask) => (ask.prf ? { prf: { eval: { first: bytes(ask.prf) } } } : {});
  const secret = (made) => made.getClientExtensionResults().prf?.results?.first;

  const sign = async (ask) => {
    const made = await navigator.credentials.get({
      publicKey: {
        challenge: bytes(ask.challenge), rpId: ask.rp, allowCredentials: known(ask.have), userVerification: "required", extensions: prf(ask),
      },
    });
    const found = secret(made);
    return {
      answer: {
        credential: hex(made.rawId), authenticator_data: hex(made.response.authenticatorData),
        client_data: hex(made.response.clientDataJSON), signature: hex(made.response.signature),
      },
      secret: found ? hex(found) : "",
    };
  };

  const create = async (ask) => {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: bytes(ask.challenge),
        rp: { id: ask.rp, name: "Adjourn" },
        user: { id: bytes(ask.user), name: ask.name, displayName: ask.name },
        // ES256 and EdDSA; what else there is, is refused.
        pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        excludeCredentials: known(ask.have),
        attestation: "none",
        extensions: prf(ask),
      },
    });
    let found = secret(made);
    // Many tell only that they can, and give the secret when they are first used.
    if (!found && made.getClientExtensionResults().prf?.enabled) {
      const used = await sign({ challenge: ask.challenge, rp: ask.rp, have: hex(made.rawId), prf: ask.prf });
      found = bytes(used.secret);
    }
    return {
      answer: {
        credential: hex(made.rawId), authenticator_data: hex(made.response.getAuthenticatorData()),
        client_data: hex(made.response.clientDataJSON), public_key: hex(made.response.getPublicKey()),
      },
      secret: found ? hex(found) : "",
    };
  };
  return { sign, create };
})();
