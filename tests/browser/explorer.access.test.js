// What the explorer says while it can't show anything: without a key, before the first scan, and when it asks too much.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { accessible, launch, screenshot, visit } from "./browser.js";
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

/** Takes out of the faults of a page those that a test means to see. */
function meant(faults, pattern) {
  const left = faults.filter((fault) => !pattern.test(fault));
  assert.notEqual(left.length, faults.length, "nothing of what was meant to be seen has come");
  faults.splice(0, faults.length, ...left);
}

/** Asks for as long as this client may. */
async function spendAll(origin) {
  const ask = () => fetch(`${origin}/graphql?query=${encodeURIComponent("{ users(first: 50) { nodes { id name title } } }")}`);
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
  const { page, go, faults, close } = await visit(browser, service.origin);

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

  await page.locator(".freshness summary").click();
  await page.getByRole("button", { name: "Forget the key of this tab" }).click();
  await page.getByRole("heading", { name: "The service asks for a key" }).waitFor();
  meant(faults, /\b401\b|WebSocket connection to/);
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

test("who asks too much is told so, and when the page asks again", async (t) => {
  const service = await serve(gong, "--rate-capacity", "1000", "--rate-period", "24h");
  t.after(() => service.stop());
  await service.read();
  await spendAll(service.origin);
  const { page, go, faults, close } = await visit(browser, service.origin);
  await go("/");
  await page.getByText("Too much was asked at once").first().waitFor();
  await page.getByText(/This page asks again in [\d,]+ s/).first().waitFor();
  await accessible(page);
  await screenshot(page, "explorer-throttled");
  meant(faults, /\b429\b/);
  await close();
});
