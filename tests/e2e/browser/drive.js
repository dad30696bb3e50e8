// Drives one headless Chromium for a test: a JSON command per line on standard input, a JSON answer per line on standard
// output. Ends, and ends the browser, when standard input ends, so that a killed test leaves nothing behind.
//
//   node drive.js PLAYWRIGHT_CORE CHROMIUM AXE
"use strict";

const [playwright, chromium, axe] = process.argv.slice(2);
const browsers = require(playwright);
const fs = require("node:fs");
const readline = require("node:readline");
const { small } = require("./png.js");

// Milliseconds after which what a test waits for is taken as not coming. Far more than any of it takes, on a machine that is busy, too.
const LIMIT = 30_000;
// Pixels of a picture, from the top.
const TALLEST = 1_400;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

// A link or a button by what it says: exactly that, else a row of a list whose first words are that.
async function named(page, name) {
  const candidates = [
    page.getByRole("button", { name, exact: true }),
    page.getByRole("link", { name, exact: true }),
    page.getByRole("checkbox", { name, exact: true }),
    page.locator("a").filter({ has: page.locator(".text").getByText(name, { exact: true }) }),
    page.locator("summary").getByText(name, { exact: true }),
    page.getByRole("link", { name }),
    page.locator("summary").filter({ hasText: name }),
  ];
  for (const candidate of candidates) {
    if (await candidate.count() > 0) return candidate;
  }
  throw new Error(`nothing to press is called ${name}`);
}

// The same, of a page that may only be on its way.
async function there(page, name) {
  for (const end = Date.now() + LIMIT; ; ) {
    try {
      return await named(page, name);
    } catch (error) {
      if (Date.now() > end) throw error;
      await page.waitForTimeout(50);
    }
  }
}

// Chromium's virtual authenticator: <https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/>. Who is in front of it
// is always present, and is verified or not as the test says.
let devtools;
let authenticator;

const verbs = {
  async authenticator(page, { prf }) {
    // There is one in a browser; a new one takes its place.
    if (authenticator) await devtools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: authenticator });
    devtools ??= await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable", { enableUI: false });
    const options = { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true,
      hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
      hasPrf: prf };
    authenticator = (await devtools.send("WebAuthn.addVirtualAuthenticator", { options })).authenticatorId;
  },
  async verified(page, { yes }) {
    await devtools.send("WebAuthn.setUserVerified", { authenticatorId: authenticator, isUserVerified: yes });
  },
  // As if a copy of it had been made before it signed so often.
  async rewind(page) {
    const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId: authenticator });
    for (const credential of credentials) {
      await devtools.send("WebAuthn.removeCredential",
        { authenticatorId: authenticator, credentialId: credential.credentialId });
      await devtools.send("WebAuthn.addCredential",
        { authenticatorId: authenticator, credential: { ...credential, signCount: 0 } });
    }
    return credentials.map((credential) => credential.signCount);
  },
  // What a page would have sent, taken on its way: it is never sent. With `unverified` the page forgets to ask for verification.
  async capture(page, { name, unverified }) {
    if (unverified) {
      await page.evaluate(() => {
        const get = navigator.credentials.get.bind(navigator.credentials);
        navigator.credentials.get = (options) => {
          options.publicKey.userVerification = "discouraged";
          return get(options);
        };
      });
    }
    const sent = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("the page sends nothing")), LIMIT);
      page.route("**/passkey/*", (route) => {
        if (route.request().method() !== "POST") return route.continue();
        resolve(JSON.parse(route.request().postData()));
        return route.abort();
      });
    });
    const found = await named(page, name);
    const [body] = await Promise.all([sent, found.first().click()]);
    await page.unroute("**/passkey/*");
    return body;
  },
  async waits(page, { text, within }) {
    // (Only in a part of a page of a hundred thousand messages: looking at all of them takes longer than what is waited for.)
    await (within ? page.locator(within) : page).getByText(text).first().waitFor();
  },
  async open(page, { url }) { const reply = await page.goto(url); return reply ? reply.status() : 0; },
  async click(page, { name, last }) {
    const found = await there(page, name);
    await (last ? found.last() : found.first()).click();
    await page.waitForLoadState();
  },
  async fill(page, { label, value, last }) {
    const found = page.getByLabel(label);
    await (last ? found.last() : found.first()).fill(value);
  },
  async choose(page, { label, value }) { await page.getByLabel(label).first().selectOption({ label: value }); },
  async upload(page, { label, path }) { await page.getByLabel(label).first().setInputFiles(path); },
  async has(page, { name }) { return named(page, name).then(() => true, () => false); },
  async text(page) { return page.locator("body").innerText(); },
  async html(page) { return page.content(); },
  async url(page) { return page.url(); },
  // From the top, or as far down as the text stands that it is about.
  async shot(page, { path, about }) {
    const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
    const clip = { x: 0, y: 0, width, height: Math.min(Math.max(height, 300), TALLEST) };
    const found = about && await page.getByText(about).count() ? await page.getByText(about).first().boundingBox() : null;
    if (found && found.y + found.height > clip.height) {
      clip.y = Math.min(found.y + found.height / 2 - clip.height / 2, height - clip.height);
    }
    const picture = await page.screenshot({ fullPage: true, clip, animations: "disabled" });
    fs.mkdirSync(require("node:path").dirname(path), { recursive: true });
    fs.writeFileSync(path, small(picture));
  },
  async size(page, { width, height }) { await page.setViewportSize({ width, height }); },
  // Dark or light, and the language that the browser asks for.
  async scheme(page, { scheme }) { await page.emulateMedia({ colorScheme: scheme }); },
  async language(page, { tag }) { await page.setExtraHTTPHeaders({ "accept-language": tag }); },
  async cookie(page, { url, name, value }) {
    // A cookie knows no port, and a name with __Host- is only taken for https; the own machine counts as that.
    await page.context().addCookies([{ url: `https://${new URL(url).hostname}/`, name, value, secure: true, httpOnly: true, sameSite: "Lax" }]);
  },
  // What axe-core holds to be serious or worse. Its text is evaluated by the browser's own tools, which no policy of a page reaches.
  async axe(page) {
    await page.evaluate(fs.readFileSync(axe, "utf8"));
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const serious = found.violations.filter((one) => ["serious", "critical"].includes(one.impact));
    return serious.flatMap((one) => one.nodes.map((node) => `${one.id}: ${one.help}: ${node.html} ${node.any.map((any) => any.message).join("; ")}`));
  },
  // What is wider than the page, and texts of which a part can't be seen.
  async fits(page) {
    return page.evaluate(() => {
      const wrong = [];
      const root = document.scrollingElement;
      if (root.scrollWidth > innerWidth) wrong.push(`the page is ${root.scrollWidth} wide, the window ${innerWidth}`);
      for (const element of document.body.querySelectorAll("*")) {
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        if (box.width <= 1 || style.visibility === "hidden") continue;
        const hides = ["hidden", "clip"].includes(style.overflowX) && element.textContent.trim();
        const name = `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent.trim().slice(0, 60)}`;
        if (hides && element.scrollWidth > element.clientWidth) wrong.push(`cut: ${name}`);
        if (box.right > innerWidth + 1 && !element.closest(".scroll, .skip")) wrong.push(`over the edge: ${name}`);
      }
      return wrong;
    });
  },
  // A key, as often as said.
  async press(page, { key, times }) { for (let n = 0; n < times; n += 1) await page.keyboard.press(key); await page.waitForLoadState(); },
  async types(page, { text }) { await page.keyboard.type(text); },
  // What has the focus: what it is, what it is called, and whether one sees that it has it.
  async focused(page) {
    return page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const label = element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent;
      return { tag: element.tagName.toLowerCase(), id: element.id, name: element.getAttribute("name") ?? "", text: label.trim().slice(0, 80),
        seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2, main: Boolean(element.closest("main")) };
    });
  },
  async download(page, { name }) {
    const found = await named(page, name);
    const [download] = await Promise.all([page.waitForEvent("download"), found.first().click()]);
    return { name: download.suggestedFilename(), content: fs.readFileSync(await download.path(), "utf8") };
  },
};

(async () => {
  const browser = await browsers.chromium.launch({ executablePath: chromium, headless: true, args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 430, height: 860 }, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  console.log(JSON.stringify({ ok: true, value: browser.version() }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    let answer;
    try {
      const value = await verbs[command.verb](page, command);
      answer = { ok: true, value: value === undefined ? null : value };
    } catch (error) {
      answer = { ok: false, value: `${command.verb}: ${error.message}` };
    }
    console.log(JSON.stringify(answer));
  }
  await browser.close();
})().catch((error) => {
  console.log(JSON.stringify({ ok: false, value: error.message }));
  process.exitCode = 1;
});
