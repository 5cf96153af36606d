// The explorer beside the chart: people, the health, and what holds on every view.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible, screenshot } from "./browser.js";
import { PEOPLE } from "./company.js";
import { DARK, column, inSight, name, startExplorer } from "./explorer.js";

let there;
before(async () => {
  there = await startExplorer();
});
after(() => there?.stop());

const explorer = (...address) => there.explorer(...address);

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
    const missing = page.getByRole("listitem").filter({ hasText: "2 people under this id, 1 more below" });
    for (const id of PEOPLE.underMissing) await missing.getByRole("link", { name: name(id), exact: true }).waitFor();
    await page.getByRole("row", { name: "51 and more 1" }).waitFor();
    await page.getByRole("link", { name: "Ring of managers" }).click();
    await page.getByRole("heading", { name: "Ring of managers 1" }).waitFor();
    await accessible(page);
    await screenshot(page, `explorer-health-${theme}`);
    await close();
  });
}

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
      (name) => {
        const { hash } = document.querySelector(".tools a[href^='/graphiql']");
        return decodeURIComponent(hash).startsWith(`#query=query ${name}`);
      },
      operation,
    );
    const { pathname, hash: carried } = new URL(await link.evaluate((link) => link.href));
    assert.equal(pathname, "/graphiql");
    const asked = new URLSearchParams(carried.slice(1));
    const body = JSON.stringify({ query: asked.get("query"), variables: JSON.parse(asked.get("variables")) });
    const response = await fetch(`${there.origin}/graphql`, {
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

test("a move to where somebody is changes nothing, and one to nobody makes a top", async () => {
  const { page, close } = await explorer(`#/move/${PEOPLE.line[1]}/to/${PEOPLE.line[0]}`);
  await page.getByText("Nothing would change").waitFor();
  await page.getByRole("link", { name: "No manager" }).click();
  await page.getByText("Nobody: a top").waitFor();
  await page
    .getByRole("row", { name: name(PEOPLE.line[0]) })
    .first()
    .getByText("1 → 0", { exact: true })
    .waitFor();
  await page.goBack();
  await page.getByText("Nothing would change").waitFor();
  await close();
});

test("a move of somebody whose line is broken says what becomes of that", async () => {
  const { page, go, close } = await explorer(`#/move/${PEOPLE.underMissing[0]}/to-the-top`);
  await page.getByText("1 broken line would be mended.").waitFor();
  assert.equal(await page.getByText("Nothing would change").count(), 0);
  await go(`/#/move/${PEOPLE.ownManager}/to-the-top`);
  await page.getByText(`The line of ${name(PEOPLE.ownManager)} would stay broken, for another reason: alone.`).waitFor();
  assert.equal(await page.getByText("Nothing would change").count(), 0);
  await go(`/#/move/${PEOPLE.underMissing[0]}/to/${PEOPLE.belowMissing}`);
  await page.getByText("A ring of 2 would be made").waitFor();
  assert.equal(await page.getByText("would stay broken").count(), 0, "who is in the ring is named with it");
  await go(`/#/move/${PEOPLE.underMissing[0]}/to/${PEOPLE.missing}`);
  await page.getByText("Nothing would change").waitFor();
  await accessible(page);
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
