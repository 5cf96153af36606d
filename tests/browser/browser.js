// A real browser in front of the real binary: what all tests of the pages begin with, and what must hold on each page.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { startOrgraph } from "../node/process.js";

const CHROMIUM = process.env.ORGRAPH_CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = fileURLToPath(new URL("../../target/browser/", import.meta.url));

/** What WCAG 2.0 to 2.2 want at the levels A and AA. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** How long anything on a page may take, in milliseconds: for a machine with other things to do. */
export const PATIENCE = 60_000;

/**
 * `orgraph demo` on a port of its own, with these further arguments: `{ origin, url, stop }`, of which `url` is GraphQL's.
 */
export async function startDemo(...more) {
  const orgraph = await startOrgraph(...more);
  return { ...orgraph, origin: new URL(orgraph.url).origin };
}

/** A Chromium that finds no other host than this machine. */
export function launch() {
  if (!CHROMIUM) throw new Error("there is no Chromium here; ORGRAPH_CHROMIUM says where one is");
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/**
 * A page in a profile of its own, with Playwright's `options` (`viewport`, `colorScheme`, …), and what goes wrong on it:
 *
 * - `page`, Playwright's;
 * - `go(path)`, which opens a path of the service;
 * - `faults`, texts: requests to other hosts, errors on the console and uncaught ones, what was refused or failed;
 * - `close()`, which ends the profile and fails if there were faults.
 */
export async function visit(browser, origin, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  const faults = [];
  const { host } = new URL(origin);
  const hold = (url) => {
    const asked = new URL(url);
    if (!["data:", "blob:"].includes(asked.protocol) && asked.host !== host) faults.push(`asked another host: ${url}`);
  };
  context.on("request", (request) => hold(request.url()));
  context.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => faults.push(`uncaught: ${error.error()}`));
  const page = await context.newPage();
  page.on("websocket", (socket) => hold(socket.url()));
  return {
    page,
    faults,
    go: (path) => page.goto(`${origin}${path}`),
    async close() {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}

/** Takes out of the faults of a page those that a test means to see, of which there has to be one. */
export function meant(faults, pattern) {
  const left = faults.filter((fault) => !pattern.test(fault));
  assert.notEqual(left.length, faults.length, "nothing of what was meant to be seen has come");
  faults.splice(0, faults.length, ...left);
}

/** Fails where axe finds something against WCAG A or AA. */
export async function accessible(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}\n${failureSummary}`),
    );
  }, WCAG);
  assert.deepEqual(found, []);
}

/** Keeps what is to be seen, as `target/browser/NAME.png`. */
export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}
