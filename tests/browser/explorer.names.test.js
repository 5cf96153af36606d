// Names and titles as Gong may have them: very long, without a space, and written so that they turn round what is about them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible, launch, screenshot, visit } from "./browser.js";
import { company, PEOPLE } from "./company.js";
import { PHONE, card, fits } from "./explorer.js";
import { startGong } from "./gong.js";
import { serve } from "./service.js";

const LONG = "L".repeat(10_000);
/** Whatever comes after it in a line is written from right to left. */
const TURNED = "\u202egnihtemos";

let gong;
let service;
let browser;
before(async () => {
  const people = company(20);
  for (const id of [PEOPLE.chief, ...PEOPLE.ring, PEOPLE.underMissing[0], PEOPLE.line[1]]) {
    Object.assign(people.get(id), { firstName: LONG, lastName: `${LONG}${id}`, title: LONG });
  }
  people.delete(PEOPLE.underMissing[1]);
  for (const id of [PEOPLE.alone, PEOPLE.ownManager]) Object.assign(people.get(id), { firstName: TURNED, lastName: "" });
  // What ends the isolate that a name is put in, before it turns round what is about it.
  Object.assign(people.get(PEOPLE.line[0]), { firstName: `\u2069${TURNED}`, lastName: "" });
  [gong, browser] = await Promise.all([startGong(people), launch()]);
  service = await serve(gong);
  await service.read();
});
after(async () => {
  await browser?.close();
  await service?.stop();
  await gong?.stop();
});

for (const [where, options] of [
  ["a desk", {}],
  ["a phone", PHONE],
]) {
  test(`a very long name or title leaves each view as wide as it is, at ${where}`, async () => {
    const { page, go, close } = await visit(browser, service.origin, options);
    const [ring] = PEOPLE.ring;
    const views = {
      [`#/chart/${ring}`]: ".column:last-child",
      [`#/people/${ring}`]: "main .tiles",
      [`#/people/${PEOPLE.line[2]}`]: "main .tiles",
      "#/health": ".rings figure",
      "#/health/CYCLE": ".issues li",
      [`#/move/${PEOPLE.line[1]}/to/${PEOPLE.line[2]}`]: "main .verdict",
      [`#/move/${PEOPLE.line[3]}/to/${ring}`]: "main .figures",
    };
    for (const [hash, there] of Object.entries(views)) {
      await go(`/${hash}`);
      await page.locator(there).first().waitFor();
      await fits(page, page.viewportSize().width, hash);
      const columns = await page.locator(".column").evaluateAll((all) => all.map((it) => it.getBoundingClientRect().width));
      assert.ok(
        columns.every((width) => width <= 340),
        `${hash}: columns of ${columns} px`,
      );
      const masthead = await page.evaluate(() => document.querySelector(".masthead")?.getBoundingClientRect().height ?? 0);
      assert.ok(masthead < 700, `${hash}: ${masthead} px of masthead`);
    }
    await accessible(page);
    await page.getByRole("combobox", { name: /^Find people/ }).fill("L".repeat(20));
    await page.locator(".offers").getByRole("status").waitFor();
    await fits(page, page.viewportSize().width, "search");
    await screenshot(page, `explorer-long-names-${where.split(" ")[1]}`);
    await close();
  });
}

test("a name that is written from right to left leaves what is about it as it is", async () => {
  const { page, go, close } = await visit(browser, service.origin);
  await go(`/#/chart/${PEOPLE.ownManager}`);
  await card(page, PEOPLE.ownManager).first().waitFor();
  await go(`/#/move/${PEOPLE.line[0]}/to/${PEOPLE.line[2]}`);
  await page.getByRole("heading", { name: /^What if .*moved\?$/ }).waitFor();
  // "What if NAME moved?": the words around the name stand where they were written.
  const places = await page.locator("main h1").evaluate((heading) =>
    [...heading.childNodes].map((part) => {
      const range = document.createRange();
      range.selectNodeContents(part);
      return range.getBoundingClientRect().left;
    }),
  );
  assert.equal(places.length, 3);
  assert.deepEqual(places, [...places].sort((a, b) => a - b));
  await screenshot(page, "explorer-turned-names");
  await close();
});

/** From left to right, where each letter of a text is but for those of the name within it. */
const lettersAbout = (page, text, name) =>
  page.evaluate(
    ([text, name]) => {
      const line = document.createElement("p");
      line.textContent = text;
      document.body.append(line);
      const range = document.createRange();
      const from = text.indexOf(name);
      const places = [...text.matchAll(/\w/g)]
        .filter(({ index }) => index < from || index >= from + name.length)
        .map(({ index }) => {
          range.setStart(line.firstChild, index);
          range.setEnd(line.firstChild, index + 1);
          return range.getBoundingClientRect().left;
        });
      line.remove();
      return places;
    },
    [text, name],
  );

test("nor does it turn round the title of the window, or the label of what has it in it", async () => {
  const { page, go, close } = await visit(browser, service.origin);
  const { ownManager, line } = PEOPLE;
  const titles = {
    [`#/chart/${ownManager}`]: / in the chart – orgraph$/,
    [`#/people/${ownManager}`]: /^\S+ – orgraph$/,
    [`#/people/${line[0]}`]: /^\S+ – orgraph$/,
    [`#/move/${line[0]}/to/${line[2]}`]: /^What if .* moved\? – orgraph$/,
    [`#/chart/${line[0]}`]: / in the chart – orgraph$/,
  };
  const texts = [];
  for (const [hash, title] of Object.entries(titles)) {
    await go(`/${hash}`);
    await page.waitForFunction(
      ([name, source]) => document.title.includes(name) && new RegExp(source).test(document.title),
      [TURNED, title.source],
    );
    texts.push(await page.title());
  }
  await card(page, line[1]).waitFor();
  const labels = await page
    .locator("[aria-label]")
    .evaluateAll((all, name) => all.map((it) => it.ariaLabel).filter((label) => label.includes(name)), TURNED);
  for (const start of ["Reports of", "The page of", "Move"]) assert.ok(labels.some((label) => label.startsWith(start)), start);
  for (const text of [...texts, ...labels]) {
    const places = await lettersAbout(page, text, TURNED);
    assert.ok(places.length > 4, text);
    assert.deepEqual(places, [...places].sort((a, b) => a - b), text);
  }
  await close();
});

test("people are found by their id, whatever they are called, and by a text of any length", async () => {
  const { page, go, close } = await visit(browser, service.origin);
  await go("/#/health");
  const search = page.getByRole("combobox", { name: /^Find people/ });
  await search.fill(PEOPLE.alone);
  await search.press("Enter");
  await page.waitForURL(`**/#/chart/${PEOPLE.alone}`);
  await search.fill("L".repeat(10_000));
  await search.press("Enter");
  await page.waitForURL((url) => [PEOPLE.chief, PEOPLE.line[1], ...PEOPLE.ring].some((id) => url.hash === `#/chart/${id}`));
  await close();
});

test("where there is one of something it isn't called all", async () => {
  const { page, go, close } = await visit(browser, service.origin);
  await go("/#/health");
  const missing = page.locator("section").filter({ has: page.getByRole("heading", { name: "Missing managers 1" }) });
  assert.equal(await missing.getByRole("link").last().innerText(), "In the chart");
  await close();
});

test("with forced colours the card that is open is told from the others", async () => {
  const { page, go, close } = await visit(browser, service.origin, { forcedColors: "active" });
  await go(`/#/chart/${PEOPLE.line[3]}`);
  const border = (id) => card(page, id).evaluate((it) => getComputedStyle(it).borderTopWidth);
  await card(page, PEOPLE.headOfMany).waitFor();
  assert.equal(await border(PEOPLE.line[0]), "3px");
  assert.equal(await border(PEOPLE.headOfMany), "1px");
  await screenshot(page, "explorer-forced-colours");
  await close();
});
