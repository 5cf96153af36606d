// The chart: levels, search, very many reports, broken lines, moves, and what comes live.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible, screenshot } from "./browser.js";
import { PEOPLE, VERY_MANY } from "./company.js";
import { DARK, PHONE, card, column, fits, focusedPerson, inSight, name, reportsOf, startExplorer } from "./explorer.js";

let there;
before(async () => {
  there = await startExplorer();
});
after(() => there?.stop());

const explorer = (...address) => there.explorer(...address);

test("the chart opens level by level with the keyboard, and keeps its place in the history", async () => {
  const { page, close } = await explorer();
  await card(page, PEOPLE.chief).focus();
  for (const id of PEOPLE.line) {
    await page.keyboard.press("ArrowRight");
    if (id === PEOPLE.line[0]) {
      // The first of the chief's reports has the focus: the line begins at another one.
      await page.waitForFunction(
        (label) => document.activeElement?.closest("section")?.ariaLabel === label,
        reportsOf(PEOPLE.chief),
      );
      while (!(await page.evaluate((wanted) => document.activeElement?.dataset["person"] === wanted, id))) {
        await page.keyboard.press("ArrowDown");
      }
    }
    await focusedPerson(page, id);
  }
  assert.equal(await page.getByRole("region", { name: /^Reports of/ }).count(), PEOPLE.line.length);
  assert.equal(new URL(page.url()).hash, `#/chart/${PEOPLE.line.at(-2)}`);
  await inSight(page, ":focus");
  await accessible(page);
  await screenshot(page, "explorer-ten-levels");

  await page.keyboard.press("ArrowLeft");
  await focusedPerson(page, PEOPLE.line.at(-2));
  await page.goBack();
  await column(page, PEOPLE.line.at(-3)).waitFor();
  await column(page, PEOPLE.line.at(-2)).waitFor({ state: "detached" });
  await close();
});

test("the search jumps to whom Enter means, however fast it is pressed", async () => {
  const { page, close } = await explorer();
  await card(page, PEOPLE.chief).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("level 11");
  await page.keyboard.press("Enter");
  await column(page, PEOPLE.line[10]).waitFor();
  assert.equal(new URL(page.url()).hash, `#/chart/${PEOPLE.line[10]}`);
  assert.equal(await card(page, PEOPLE.line[10]).getAttribute("aria-selected"), "true");
  await focusedPerson(page, PEOPLE.line[10]);

  await page.keyboard.press("/");
  await page.keyboard.type("seller");
  await page.getByText(/^The best 8 of 103,405 people$/).waitFor();
  await accessible(page);
  await screenshot(page, "explorer-search");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("option", { name: /^Person 1000000/ }).count(), 0);
  await close();
});

test("any place of 103,405 reports is shown without loading what is before", async () => {
  const { page, close } = await explorer(`#/chart/${PEOPLE.headOfMany}`);
  const many = column(page, PEOPLE.headOfMany);
  await many.getByText("103,405 reports").waitFor();
  await card(page, "1000000").waitFor();
  const asked = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/graphql")) asked.push(request.postDataJSON());
  });
  const shows = (place) => many.locator(`[aria-posinset="${place}"][data-person="${1_000_000 + place - 1}"]`).waitFor();

  await many.locator(".scroller").evaluate((list) => (list.scrollTop = list.scrollHeight));
  await shows(VERY_MANY);
  assert.ok(asked.length <= 6, `${asked.length} requests to the end`);
  await many.locator(".scroller").evaluate((list) => (list.scrollTop = list.scrollHeight / 2));
  await shows(Math.round(VERY_MANY / 2));
  // Half of the way in hops of a thousand, which carry nobody.
  assert.ok(asked.length <= 70, `${asked.length} requests to the middle`);
  const carried = asked.filter(({ query }) => query.includes("nodes"));
  assert.ok(carried.length <= 8, `${carried.length} pages of people`);
  assert.ok((await page.locator("*").count()) < 1_000);
  await accessible(page);
  await screenshot(page, "explorer-very-many");

  await card(page, PEOPLE.headOfMany).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("End");
  await focusedPerson(page, String(1_000_000 + VERY_MANY - 1));
  await close();
});

test("nobody is lost: rings, missing managers and people who manage themselves are ways into the chart", async () => {
  const { page, close } = await explorer("#/", DARK);
  await page.getByRole("link", { name: "In a ring 3" }).click();
  await card(page, PEOPLE.ring[0]).waitFor();
  await page.getByRole("link", { name: "Own manager 1" }).click();
  await card(page, PEOPLE.ownManager).waitFor();
  await page.getByRole("link", { name: "Manager not found 2" }).click();
  await card(page, PEOPLE.underMissing[0]).click();
  await card(page, PEOPLE.belowMissing).waitFor();
  await accessible(page);
  await screenshot(page, "explorer-broken-lines-dark");

  // Below a ring: the line goes through its members, and ends.
  await page.evaluate((id) => (location.hash = `#/chart/${id}`), PEOPLE.belowRing);
  await column(page, PEOPLE.belowRing).getByText("Nobody reports to").waitFor();
  for (const id of PEOPLE.ring) assert.equal(await column(page, id).count(), 1);
  await close();
});

test("a subtree that is dragged onto a manager tells what would become of it", async () => {
  const { page, close } = await explorer(`#/chart/${PEOPLE.line[1]}`);
  await card(page, PEOPLE.line[2]).waitFor();
  await card(page, PEOPLE.line[0]).dragTo(card(page, PEOPLE.line[2]));
  await page.getByText("A ring of 3 would be made").waitFor();
  await page.getByText("nothing is ever written to Gong").waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  await accessible(page);
  await screenshot(page, "explorer-what-if");
  await close();
});

test("the same by keyboard alone", async () => {
  const { page, close } = await explorer(`#/chart/${PEOPLE.line[1]}`);
  await card(page, PEOPLE.line[2]).focus();
  await page.keyboard.press("m");
  await page.getByRole("heading", { name: `What if ${name(PEOPLE.line[2])} moved?` }).waitFor();
  await page.getByRole("combobox", { name: "New manager" }).focus();
  await page.keyboard.type("p2@example.org");
  await page.keyboard.press("Enter");
  const teams = page.getByRole("row", { name: name(PEOPLE.headOfMany) }).first();
  await teams.getByText("103,405 → 103,406").waitFor();
  assert.equal(new URL(page.url()).hash, `#/move/${PEOPLE.line[2]}/to/${PEOPLE.headOfMany}`);
  await close();
});

test("a new snapshot is shown where one is, without losing the place", async () => {
  const { page, close } = await explorer(`#/chart/${PEOPLE.headOfMany}`);
  const many = column(page, PEOPLE.headOfMany);
  await card(page, "1000000").waitFor();
  await many.locator(".scroller").evaluate((list) => (list.scrollTop = 20_000));
  const seller = card(page, "1000300");
  await seller.focus();
  await page.locator(".freshness .dot.good").waitFor();
  const before = await many.locator(".scroller").evaluate((list) => list.scrollTop);

  const { people } = there;
  people.get("1000300").title = "Head of the coast";
  const come = { id: "9", managerId: PEOPLE.headOfMany, emailAddress: "p9@example.org" };
  people.set(come.id, { ...people.get(PEOPLE.alone), ...come });
  await there.sync();
  await seller.getByText("Head of the coast").waitFor();
  await many.getByText("103,406 reports").waitFor();
  assert.equal(await many.locator(".scroller").evaluate((list) => list.scrollTop), before);
  assert.equal(await page.evaluate(() => document.activeElement?.dataset["person"]), "1000300");
  await close();
  people.delete(come.id);
  people.get("1000300").title = "Seller";
  await there.sync();
});

test("on a phone one column is in sight, and the way back", async () => {
  const { page, close } = await explorer("#/", PHONE);
  await card(page, PEOPLE.chief).tap();
  await card(page, PEOPLE.line[0]).tap();
  await card(page, PEOPLE.line[1]).waitFor();
  await inSight(page, ".column:last-child");
  await fits(page, PHONE.viewport.width, "the chart");
  await accessible(page);
  // How old the picture is and what the sync does is said in words here, too.
  await page.locator(".freshness summary").getByText("Up to date").waitFor();
  await page.locator(".freshness summary").getByText(/^\d+ (s|min) old$/).waitFor();
  await page.getByRole("link", { name: "Tables" }).waitFor();
  await screenshot(page, "explorer-phone");
  await page.getByRole("button", { name: "Back to the column before" }).last().tap();
  await inSight(page, `section[aria-label="${reportsOf(PEOPLE.chief)}"]`);
  for (const hash of [`#/people/${PEOPLE.inactive}`, "#/health", `#/move/${PEOPLE.inactive}/to/${PEOPLE.ring[0]}`]) {
    await page.evaluate((address) => (location.hash = address), hash);
    await page.locator("main .tiles").first().waitFor();
    await fits(page, PHONE.viewport.width, hash);
    await accessible(page);
    await screenshot(page, `explorer-phone-${hash.split("/")[1]}`);
  }
  await close();
});

test("keys that write something can be switched off as shortcuts", async () => {
  const { page, close } = await explorer();
  await card(page, PEOPLE.chief).focus();
  await page.locator("summary", { hasText: "Keys" }).click();
  await accessible(page);
  await page.getByRole("checkbox", { name: "And with one letter:" }).uncheck();
  await page.keyboard.press("Escape");
  await card(page, PEOPLE.chief).focus();
  await page.keyboard.press("/");
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowRight");
  await focusedPerson(page, PEOPLE.headOfMany);
  assert.equal(await page.getByRole("combobox").inputValue(), "");
  await close();
});
