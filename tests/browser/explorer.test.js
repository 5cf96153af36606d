// The explorer, in front of a company of more than 100,000 people with every fault that a chart can lose people by.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible, launch, screenshot, visit } from "./browser.js";
import { company, PEOPLE, VERY_MANY } from "./company.js";
import { startGong } from "./gong.js";
import { serve } from "./service.js";

const people = company();
let gong;
let orgraph;
let browser;
before(async () => {
  gong = await startGong(people);
  [orgraph, browser] = await Promise.all([serve(gong), launch()]);
  await orgraph.read();
});
after(async () => {
  await browser?.close();
  await orgraph?.stop();
  await gong?.stop();
});

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const DARK = { colorScheme: "dark" };

/** The explorer at one of its addresses. */
async function explorer(hash = "#/", options = {}) {
  const there = await visit(browser, orgraph.origin, options);
  await there.go(`/${hash}`);
  return there;
}

const name = (id) => `Person ${id}`;
const column = (page, id) => page.getByRole("region", { name: `Reports of ${name(id)}`, exact: true });
const card = (page, id) => page.locator(`.column [data-person="${id}"]`);
const focusedPerson = (page, id) =>
  page.waitForFunction((wanted) => document.activeElement?.dataset["person"] === wanted, id);

/** Waits until the whole width of something can be seen. */
const inSight = (page, selector) =>
  page.waitForFunction((wanted) => {
    const box = document.querySelector(wanted)?.getBoundingClientRect();
    return box && box.left >= 0 && box.right <= innerWidth;
  }, selector);

test("the chart opens level by level with the keyboard, and keeps its place in the history", async () => {
  const { page, close } = await explorer();
  await card(page, PEOPLE.chief).focus();
  for (const id of [PEOPLE.headOfMany, ...PEOPLE.line]) {
    if (id === PEOPLE.headOfMany) continue;
    await page.keyboard.press("ArrowRight");
    if (id === PEOPLE.line[0]) {
      // The first of the chief's reports has the focus: the line begins at another one.
      await page.waitForFunction(() => document.activeElement?.closest("section")?.ariaLabel === "Reports of Person 1");
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

test("a person's page has the line, the reports, the identities and the issues", async () => {
  const { page, close } = await explorer(`#/people/${PEOPLE.ring[0]}`);
  await page.getByRole("heading", { name: name(PEOPLE.ring[0]), level: 1 }).waitFor();
  await page.getByText("A ring: the line would go round for ever").waitFor();
  await page.getByText("p10@example.org").waitFor();
  await page.getByText("+1 202 555 0110").waitFor();
  await page.getByText("Ring of managers").waitFor();
  await accessible(page);
  await screenshot(page, "explorer-person");
  await page.getByRole("link", { name: "In the chart" }).click();
  await column(page, PEOPLE.ring[0]).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  await close();
});

for (const options of [{}, DARK]) {
  const theme = options.colorScheme ?? "light";
  test(`the health draws the ring, and names the missing manager and who is under it (${theme})`, async () => {
    const { page, close } = await explorer("#/health", options);
    const ring = page.getByRole("figure").filter({ hasText: "A ring of 3" });
    await ring.waitFor();
    assert.equal(await ring.locator("svg circle").count(), 3);
    assert.equal(await ring.locator("svg > path").count(), 3);
    for (const id of PEOPLE.ring) await ring.getByRole("link", { name: name(id), exact: true }).waitFor();
    const missing = page.getByRole("listitem").filter({ hasText: "3 people under this id" });
    for (const id of PEOPLE.underMissing) await missing.getByRole("link", { name: name(id), exact: true }).waitFor();
    await page.getByRole("row", { name: "51 and more 1" }).waitFor();
    await page.getByRole("link", { name: "Ring of managers" }).click();
    await page.getByRole("heading", { name: "Ring of managers 1" }).waitFor();
    await accessible(page);
    await screenshot(page, `explorer-health-${theme}`);
    await close();
  });
}

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

  people.get("1000300").title = "Head of the coast";
  people.set("9", { ...people.get(PEOPLE.alone), id: "9", managerId: PEOPLE.headOfMany, emailAddress: "p9@example.org" });
  await orgraph.sync();
  await seller.getByText("Head of the coast").waitFor();
  await many.getByText("103,406 reports").waitFor();
  assert.equal(await many.locator(".scroller").evaluate((list) => list.scrollTop), before);
  assert.equal(await page.evaluate(() => document.activeElement?.dataset["person"]), "1000300");
  await close();
  people.delete("9");
  people.get("1000300").title = "Seller";
  await orgraph.sync();
});

test("a connection that is lost is told, and made again", async () => {
  const there = await visit(browser, orgraph.origin);
  let away = false;
  const sockets = [];
  await there.page.routeWebSocket(/\/graphql$/, (socket) => {
    sockets.push(socket);
    if (away) socket.close({ code: 1012 });
    else socket.connectToServer();
  });
  await there.go("/#/");
  await there.page.locator(".freshness .dot.good").waitFor();
  away = true;
  for (const socket of sockets) await socket.close({ code: 1012 });
  await there.page.getByText("The connection to the service is lost").waitFor();
  await screenshot(there.page, "explorer-connection-lost");
  away = false;
  await there.page.getByText("The connection to the service is lost").waitFor({ state: "detached" });
  await there.page.locator(".freshness .dot.good").waitFor();
  await there.close();
});

test("each view opens GraphiQL with the query behind it, which the service answers", async () => {
  const { page, close } = await explorer();
  const line = `#/chart/${PEOPLE.line[3]}`;
  const move = `#/move/${PEOPLE.line[3]}/to/${PEOPLE.chief}`;
  const views = {
    "#/": "Reports",
    [line]: "ChartLine",
    "#/chart/orphans/MANAGEMENT_CYCLE": "Tops",
    [`#/people/${PEOPLE.chief}`]: "PersonPage",
    "#/health": "HealthPage",
    "#/health/CYCLE": "Issues",
    [move]: "MoveEffects",
  };
  for (const [hash, operation] of Object.entries(views)) {
    await page.evaluate((address) => (location.hash = address), hash);
    const link = page.getByRole("link", { name: /GraphQL$/ });
    await page.waitForFunction(
      (name) => decodeURIComponent(document.querySelector(".tools a").hash).startsWith(`#query=query ${name}`),
      operation,
    );
    const { pathname, hash: carried } = new URL(await link.evaluate((there) => there.href));
    assert.equal(pathname, "/graphiql");
    const asked = new URLSearchParams(carried.slice(1));
    const body = JSON.stringify({ query: asked.get("query"), variables: JSON.parse(asked.get("variables")) });
    const response = await fetch(`${orgraph.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, `${hash}: ${JSON.stringify(errors)}`);
    assert.ok(data);
  }
  await close();
});

test("on a phone one column is in sight, and the way back", async () => {
  const { page, close } = await explorer("#/", PHONE);
  await card(page, PEOPLE.chief).tap();
  await card(page, PEOPLE.line[0]).tap();
  await card(page, PEOPLE.line[1]).waitFor();
  await inSight(page, ".column:last-child");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await accessible(page);
  await screenshot(page, "explorer-phone");
  await page.getByRole("button", { name: "Back to the column before" }).last().tap();
  await inSight(page, 'section[aria-label="Reports of Person 1"]');
  for (const hash of [`#/people/${PEOPLE.inactive}`, "#/health", `#/move/${PEOPLE.inactive}/to/${PEOPLE.ring[0]}`]) {
    await page.evaluate((address) => (location.hash = address), hash);
    await page.locator("main .tiles").first().waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), hash);
    await accessible(page);
    await screenshot(page, `explorer-phone-${hash.split("/")[1]}`);
  }
  await close();
});

test("the theme can be switched, and is kept", async () => {
  const { page, close, go } = await explorer("#/health", DARK);
  await page.getByRole("button", { name: "Dark theme", pressed: true }).click();
  await page.getByRole("button", { name: "Dark theme", pressed: false }).waitFor();
  await page.locator("main .tiles").waitFor();
  await accessible(page);
  await go("/");
  await page.reload();
  await page.getByRole("button", { name: "Dark theme", pressed: false }).waitFor();
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

test("a move to where somebody is changes nothing, and one to nobody makes a top", async () => {
  const { page, close } = await explorer(`#/move/${PEOPLE.line[1]}/to/${PEOPLE.line[0]}`);
  await page.getByText("Nothing would change").waitFor();
  await page.getByRole("link", { name: "No manager" }).click();
  await page.getByText("Nobody: a top").waitFor();
  await page.getByRole("row", { name: name(PEOPLE.line[0]) }).first().getByText("1 → 0", { exact: true }).waitFor();
  await page.goBack();
  await page.getByText("Nothing would change").waitFor();
  await close();
});

test("an address that leads nowhere, and an id that nobody has, are told so", async () => {
  const { page, close } = await explorer("#/nowhere");
  await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  await page.evaluate(() => (location.hash = "#/people/0"));
  await page.getByRole("heading", { name: "Nobody has this id" }).waitFor();
  await page.evaluate(() => (location.hash = "#/chart/0"));
  await page.getByText("Nobody in the present picture has the id 0.").waitFor();
  await accessible(page);
  await close();
});

test("without JavaScript the page says what this is", async () => {
  const { page, close } = await explorer("", { javaScriptEnabled: false });
  for (const path of ["/graphiql", "/schema.graphql", "/export/v1"]) {
    assert.equal(await page.locator(`a[href="${path}"]`).count(), 1);
  }
  assert.match(await page.locator("body").innerText(), /who reports to whom/);
  await inSight(page, "noscript h1");
  await screenshot(page, "explorer-without-javascript");
  await close();
});
