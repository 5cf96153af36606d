// What the explorer's tests begin with: a company of more than 100,000 people with every fault that a chart can lose people
// by, and the ways to what is on the page.
import assert from "node:assert/strict";

import { launch, visit } from "./browser.js";
import { company } from "./company.js";
import { startGong } from "./gong.js";
import { serve } from "./service.js";

export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
export const DARK = { colorScheme: "dark" };

/**
 * The service in front of the company, and a browser: `{ people, origin, browser, sync(), explorer(hash, options),
 * stop() }`. `explorer()` visits it at one of its addresses; what is changed of `people` is there after `sync()`.
 */
export async function startExplorer() {
  const people = company();
  const gong = await startGong(people);
  const [orgraph, browser] = await Promise.all([serve(gong), launch()]);
  await orgraph.read();
  return {
    people,
    browser,
    origin: orgraph.origin,
    sync: () => orgraph.sync(),
    async explorer(hash = "#/", options = {}) {
      const there = await visit(browser, orgraph.origin, options);
      await there.go(`/${hash}`);
      return there;
    },
    async stop() {
      await browser.close();
      await orgraph.stop();
      await gong.stop();
    },
  };
}

export const name = (id) => `Person ${id}`;

/** What the column of somebody's reports is called: the name stands in an isolate. */
export const reportsOf = (id) => `Reports of \u2068${name(id)}\u2069`;

/** The column of somebody's reports. */
export const column = (page, id) => page.getByRole("region", { name: reportsOf(id), exact: true });

/** Somebody's card, in whichever column. */
export const card = (page, id) => page.locator(`.column [data-person="${id}"]`);

/** Waits until somebody's card has the focus. */
export const focusedPerson = (page, id) =>
  page.waitForFunction((wanted) => document.activeElement?.dataset["person"] === wanted, id);

/** Waits until the whole width of something can be seen. */
export const inSight = (page, selector) =>
  page.waitForFunction((wanted) => {
    const box = document.querySelector(wanted)?.getBoundingClientRect();
    return box && box.left >= 0 && box.right <= innerWidth;
  }, selector);

/**
 * Fails where something is wider than a view of this width has room for, but in what scrolls by itself. (A phone's own
 * width grows with what is on it.)
 */
export async function fits(page, width, what) {
  const [wide, beyond] = await page.evaluate((width) => {
    const parts = [...document.querySelectorAll(".bar *, main *")].filter((part) => !part.closest(".columns, .scrolls, .unseen"));
    const isBeyond = (part) => {
      const { right, left } = part.getBoundingClientRect();
      return right > left && right > width + 0.5;
    };
    return [document.documentElement.scrollWidth, parts.filter(isBeyond).map((part) => part.outerHTML.slice(0, 80))];
  }, width);
  assert.deepEqual(beyond, [], what);
  assert.ok(wide <= width, `${what}: ${wide} > ${width}`);
}
