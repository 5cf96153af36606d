// The explorer at the widths between a phone and a desk: nothing beyond the edge, no figure broken, no switch out of reach.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible, screenshot } from "./browser.js";
import { DARK, PHONE, fits, startExplorer } from "./explorer.js";

let there;
before(async () => {
  there = await startExplorer();
});
after(() => there?.stop());

const explorer = (...address) => there.explorer(...address);
const phone = (width) => ({ ...PHONE, viewport: { width, height: 740 } });
const desk = (width) => ({ viewport: { width, height: 800 } });

/** Views with large numbers in them, and what is there when they are whole. */
const VIEWS = {
  "#/": ".column [data-person]",
  "#/health": ".plot .number",
  "#/people/2": "main .tiles",
  "#/move/2/to/1050000": ".figures td",
};

for (const [width, options] of [
  [320, phone(320)],
  [360, { ...phone(360), ...DARK }],
  [721, desk(721)],
  [730, { ...desk(730), ...DARK }],
  [740, desk(740)],
  [800, desk(800)],
  [900, desk(900)],
]) {
  test(`every view fits into ${width} px, and leaves the search room for its words`, async () => {
    const { page, go, close } = await explorer("#/", options);
    for (const [hash, whole] of Object.entries(VIEWS)) {
      await go(`/${hash}`);
      await page.locator(whole).first().waitFor();
      // The bar is whole with the state of the sync in it.
      await page.locator(".freshness .dot.good").waitFor();
      await fits(page, width, hash);
      const { width: search } = await page.getByRole("search").boundingBox();
      assert.ok(search >= 104, `${hash}: a search of ${search} px`);
      await screenshot(page, `explorer-${hash.split("/")[1] || "chart"}-${width}`);
    }
    await close();
  });
}

for (const [where, options] of [
  ["a desk", {}],
  ["a phone", PHONE],
]) {
  test(`a figure is on one line, at ${where}`, async () => {
    const { page, go, close } = await explorer("#/health", options);
    const lines = (selector) =>
      page.locator(selector).evaluateAll((all) =>
        all.map((figure) => {
          const text = document.createRange();
          text.selectNodeContents(figure);
          return `${figure.innerText}: ${new Set([...text.getClientRects()].map(({ top }) => top)).size}`;
        }),
      );
    await page.locator(".plot .number").getByText("103,407", { exact: true }).waitFor();
    const figures = await lines(".plot .number, .tiles dd");
    assert.ok(figures.length > 20);
    assert.deepEqual(figures.filter((figure) => !figure.endsWith(": 1")), []);
    await go("/#/people/2");
    await page.locator("main .tiles dd").first().waitFor();
    const tiles = await lines(".tiles dd");
    assert.ok(tiles.includes("103,405: 1"), tiles.join());
    assert.deepEqual(tiles.filter((figure) => !figure.endsWith(": 1")), []);
    await close();
  });
}

test("the keys of one letter can be switched off on a phone too", async () => {
  const { page, close } = await explorer("#/health", PHONE);
  await page.locator("main .tiles").waitFor();
  const search = page.getByRole("combobox", { name: /^Find people/ });
  const searching = () => search.evaluate((box) => document.activeElement === box);
  const heading = page.getByRole("heading", { level: 1 });
  await heading.press("/");
  assert.equal(await searching(), true);
  await page.locator(".keys summary").click();
  await page.getByLabel("And with one letter:").uncheck();
  await fits(page, PHONE.viewport.width, "the keys");
  await accessible(page);
  await screenshot(page, "explorer-keys-phone");
  await page.keyboard.press("Escape");
  await heading.press("/");
  assert.equal(await searching(), false);
  await close();
});
