// What the explorer says while it can't show anything: without a key, before the first scan, and when it asks too much.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { accessible, launch, meant, screenshot, visit } from "./browser.js";
import { company, PEOPLE } from "./company.js";
import { startGong } from "./gong.js";
import { orgraph, serve } from "./service.js";

let gong;
let browser;
before(async () => {
  [gong, browser] = await Promise.all([startGong(company(20)), launch()]);
});
after(async () => {
  await browser?.close();
  await gong?.stop();
});

const card = (page, id) => page.locator(`.column [data-person="${id}"]`);

/** Asks for as long as this client may. */
async function spendAll(origin) {
  const ask = () =>
    fetch(`${origin}/graphql?query=${encodeURIComponent("{ users(first: 50) { nodes { id name title } } }")}`);
  while ((await ask()).status !== 429);
}

test("where a key is asked for there is a box for it, and a reader is told what isn't shown", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "orgraph-keys-"));
  t.after(() => rm(directory, { recursive: true }));
  const keys = join(directory, "keys.jsonl");
  const key = await orgraph("keys", "add", "explorer", "--role", "reader", "--api-keys-file", keys);
  const service = await serve(gong, "--api-keys-file", keys);
  t.after(() => service.stop());
  await service.read();
  // What the browser itself asks for where a page is for those with a key: any name, and the key.
  const httpCredentials = { username: "explorer", password: key, origin: service.origin, send: "unauthorized" };
  const { page, go, faults, close } = await visit(browser, service.origin, { httpCredentials });

  await go(`/#/people/${PEOPLE.ring[0]}`);
  await page.getByRole("heading", { name: "The service asks for a key" }).waitFor();
  await accessible(page);
  await screenshot(page, "explorer-key");
  await page.getByLabel("API key or token").fill(`orgraph_${"0".repeat(48)}`);
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("heading", { name: "This key isn’t good" }).waitFor();
  await page.getByLabel("API key or token").fill(key);
  await page.getByRole("button", { name: "Use it" }).click();

  await page.getByRole("heading", { name: `Person ${PEOPLE.ring[0]}`, level: 1 }).waitFor();
  assert.equal(await page.getByText("Not shown to your role: analysts see it").count(), 3);
  await page.locator(".freshness .dot.good").waitFor();
  await screenshot(page, "explorer-reader");
  assert.equal(await page.evaluate((secret) => JSON.stringify(localStorage).includes(secret), key), false);
  assert.equal(page.url().includes(key), false);

  await page.getByRole("link", { name: "Tables" }).click();
  await page.getByRole("heading", { name: "Tables", level: 1 }).waitFor();
  assert.equal(await page.locator("main").evaluate((main) => getComputedStyle(main).maxWidth), "1024px");
  await page.goBack();

  await page.locator(".freshness summary").click();
  await page.getByRole("button", { name: "Forget the key of this tab" }).click();
  await page.getByRole("heading", { name: "The service asks for a key" }).waitFor();
  meant(faults, /\b401\b|WebSocket connection to/);
  await close();
});

/** A proxy in front of a service that sends everybody without its cookie away; of sockets it knows nothing. */
async function signedInOnly(origin) {
  const proxy = createServer((asked, answer) => {
    if (!asked.headers.cookie?.includes("session=1")) {
      answer.writeHead(302, { location: "/sign-in" }).end();
      return;
    }
    const { host } = new URL(origin);
    const onward = request(`${origin}${asked.url}`, { method: asked.method, headers: { ...asked.headers, host } });
    onward.on("response", (told) => told.pipe(answer.writeHead(told.statusCode, told.headers)));
    asked.pipe(onward);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { proxy, front: `http://127.0.0.1:${proxy.address().port}` };
}

test("behind a proxy that people sign in at the page brings its cookie", async (t) => {
  const service = await serve(gong);
  t.after(() => service.stop());
  await service.read();
  const { proxy, front } = await signedInOnly(service.origin);
  t.after(() => proxy.closeAllConnections() ?? proxy.close());
  const { page, go, faults, close } = await visit(browser, front);
  await page.context().addCookies([{ name: "session", value: "1", url: front }]);
  await go("/");
  await card(page, PEOPLE.headOfMany).waitFor();
  await page.getByText("Live updates are off").waitFor();
  await page.locator(".freshness summary").getByText("Up to date").waitFor();
  meant(faults, /WebSocket connection to/);
  await close();
});

test("before the first scan has ended its progress is told, and the chart opens by itself", async (t) => {
  const release = gong.hold();
  t.after(release);
  const service = await serve(gong);
  t.after(() => service.stop());
  const { page, go, close } = await visit(browser, service.origin);
  await go("/");
  await page.getByRole("heading", { name: "Reading the company from Gong for the first time" }).waitFor();
  await page.getByRole("progressbar", { name: "Pages read" }).waitFor();
  await accessible(page);
  await screenshot(page, "explorer-first-scan");
  release();
  await card(page, PEOPLE.chief).waitFor();
  await page.locator(".freshness .dot.good").waitFor();
  await close();
});

test("while Gong refuses the first scan the page says why, and when the next try is", async (t) => {
  const accept = gong.refuse();
  t.after(accept);
  const service = await serve(gong);
  t.after(() => service.stop());
  const { page, go, close } = await visit(browser, service.origin);
  await go("/");
  await page.getByRole("heading", { name: "The company couldn’t be read from Gong yet" }).waitFor();
  const { data } = await (
    await fetch(`${service.origin}/graphql?query=${encodeURIComponent("{ syncStatus { lastFailure { message } } }")}`)
  ).json();
  await page.locator("main").getByText(data.syncStatus.lastFailure.message).first().waitFor();
  await page.getByText(/The next try: \d+ \w+ \d{4}, [\d:]+\./).waitFor();
  await accessible(page);
  await screenshot(page, "explorer-first-scan-refused");
  accept();
  await service.sync();
  await card(page, PEOPLE.chief).waitFor();
  await close();
});

test("who asks too much is told so, and when the page asks again", async (t) => {
  const service = await serve(gong, "--rate-capacity", "1000", "--rate-period", "24h");
  t.after(() => service.stop());
  await service.read();
  await spendAll(service.origin);
  const { page, go, faults, close } = await visit(browser, service.origin);
  await go("/");
  await page.getByText("Too much was asked at once").first().waitFor();
  await page
    .getByText(/This page asks again in [\d,]+ s/)
    .first()
    .waitFor();
  await accessible(page);
  await screenshot(page, "explorer-throttled");
  meant(faults, /\b429\b/);
  await close();
});
