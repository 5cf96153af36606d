// GraphiQL as it is served, without any other host: what it runs, what it shows, and what it keeps.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PATIENCE, accessible, launch, meant, screenshot, startDemo, visit } from "./browser.js";
import { runOrgraph } from "../node/process.js";

let orgraph;
let browser;
before(async () => {
  orgraph = await startDemo();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await orgraph?.stop();
});

/** The page, with its editors there; `path` may bring a query along. */
async function graphiql(path = "/graphiql", options = {}, { origin } = orgraph) {
  const there = await visit(browser, origin, options);
  await there.go(path);
  await there.page.locator(".graphiql-query-editor .view-lines").waitFor();
  return there;
}

const execute = (page) => page.getByRole("button", { name: /^Execute query/ }).click();
const show = (page, what) => page.getByRole("button", { name: `Show ${what}` }).click();
const tabs = (page) => page.getByRole("tab");

/** The text of an editor, however much of it is drawn: `query`, `variables`, `request-headers` or `response`. */
const text = (page, editor) =>
  page.evaluate((name) => {
    const models = globalThis.__MONACO.editor.getModels();
    return models.find(({ uri }) => uri.path.includes(name)).getValue();
  }, editor);

/** Waits until the answer says so. */
const answered = (page, words) =>
  page.waitForFunction(
    (wanted) => {
      const models = globalThis.__MONACO.editor.getModels();
      return models.find(({ uri }) => uri.path.includes("response")).getValue().includes(wanted);
    },
    words,
    { timeout: PATIENCE },
  );

/** Has an editor hold this text alone. */
async function write(page, editor, written) {
  const section = page.locator(`.graphiql-container [data-uri*="${editor}"]`).first();
  await section.click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(written);
}

test("it runs a query, and is fit for everybody in light and in dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await graphiql("/graphiql", { colorScheme });
    await execute(page);
    await answered(page, '"totalCount": 17');
    assert.ok((await text(page, "response")).includes('"name": "Person 1"'));
    await accessible(page);
    await screenshot(page, `graphiql-query-${colorScheme}`);
    await close();
  }
});

test("it subscribes, and stops", async () => {
  const link = `/graphiql#query=${encodeURIComponent("subscription { snapshotPublished { version userCount } }")}`;
  const { page, close } = await graphiql(link);
  await execute(page);
  await answered(page, '"userCount": 273');
  await screenshot(page, "graphiql-subscription");
  await page.getByRole("button", { name: /^Stop query/ }).click();
  await page.getByRole("button", { name: /^Execute query/ }).waitFor();
  await close();
});

test("it shows the documentation, the explorer of fields and the history", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await graphiql("/graphiql", { colorScheme });
    await show(page, "Documentation Explorer");
    await page.getByRole("link", { name: "Query", exact: true }).click();
    await page.getByText("One user, by id or by any e-mail address of the person").waitFor();
    await accessible(page);
    await screenshot(page, `graphiql-docs-${colorScheme}`);
    await show(page, "GraphiQL Explorer");
    await page.locator(".graphiql-explorer-root").getByText("orphans").first().waitFor();
    await accessible(page);
    await screenshot(page, `graphiql-explorer-${colorScheme}`);
    await execute(page);
    await answered(page, '"totalCount": 17');
    await show(page, "History");
    await page.getByRole("button", { name: /Beginnings/ }).first().waitFor();
    await accessible(page);
    await screenshot(page, `graphiql-history-${colorScheme}`);
    await close();
  }
});

test("every question of the documentation is there, opens as a tab, and is answered", async () => {
  const { page, close } = await graphiql();
  await show(page, "Questions");
  await page.getByRole("heading", { name: "Lines and trees" }).waitFor();
  assert.ok((await page.locator(".questions li").count()) >= 40);
  await accessible(page);
  await page.getByRole("searchbox", { name: "Find a question" }).fill("largest organisation");
  await page.getByRole("button", { name: "Which of the CEO's direct reports has the largest organisation?" }).click();
  await page.locator(".graphiql-tab-active").getByText("WhichOfTheCEOS").waitFor();
  assert.equal(await tabs(page).count(), 2);
  await screenshot(page, "graphiql-questions");
  await execute(page);
  await answered(page, '"data"');
  assert.ok(!(await text(page, "response")).includes('"errors"'));
  await page.getByRole("searchbox", { name: "Find a question" }).fill("no such thing at all");
  await page.getByText("No question has all of these words.").waitFor();
  await close();
});

test("a link brings a query and its variables along, and none of it leaves the browser", async () => {
  const query = 'query Who($id: ID!) {\n  user(id: $id) { name title } # + & % ü\n}';
  const variables = '{ "id": "8424522639353776973" }';
  const link = `/graphiql#${new URLSearchParams({ query, variables })}`;
  const { page, close } = await graphiql(link, { permissions: ["clipboard-read", "clipboard-write"] });
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  assert.equal(await text(page, "operation"), query);
  assert.equal(await text(page, "variables"), variables);
  assert.equal(new URL(page.url()).hash, "", "a link is taken once, not with every reload");
  await execute(page);
  await answered(page, '"name": "Person 1"');
  assert.ok(asked.length > 0 && asked.every((url) => !url.includes("8424522639353776973")), asked.join("\n"));
  await page.getByRole("button", { name: "Copy link to this query" }).click();
  await page.getByText("Link copied").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.startsWith(`${orgraph.origin}/graphiql#query=`), copied);
  // A page that is open already opens it beside what is there.
  const before = await tabs(page).count();
  await page.evaluate((hash) => (location.hash = hash), `#query=${encodeURIComponent("query Second { __typename }")}`);
  await page.locator(".graphiql-tab-active").getByText("Second").waitFor();
  assert.equal(await tabs(page).count(), before + 1);
  await close();
});

test("tabs stay when the page is loaded anew, and a link opens beside them", async () => {
  const { page, go, close } = await graphiql();
  const open = async (operation) => {
    const hash = `#query=${encodeURIComponent(`query ${operation} { __typename }`)}`;
    await page.evaluate((hash) => (location.hash = hash), hash);
    await page.locator(".graphiql-tab-active").getByText(operation).waitFor();
  };
  const titles = () => tabs(page).allInnerTexts();
  const there = () => page.locator(".graphiql-query-editor .view-lines").waitFor();
  // Tabs are written a moment after they have changed.
  const kept = (wanted, open) =>
    page.waitForFunction(
      ([titles, open]) => {
        const { tabs = [], activeTabIndex } = JSON.parse(localStorage["graphiql:tabState"] ?? "{}");
        return activeTabIndex === open && tabs.map(({ title }) => title).join() === titles;
      },
      [wanted.join(), open],
    );
  await open("Second");
  await kept(["Beginnings", "Second"], 1);
  await page.reload();
  await there();
  assert.deepEqual(await titles(), ["Beginnings", "Second"]);
  assert.equal(await page.locator(".graphiql-tab-active").innerText(), "Second");
  assert.equal(await text(page, "operation"), "query Second { __typename }");
  await go("/");
  await go(`/graphiql#query=${encodeURIComponent("query Third { __typename }")}`);
  await there();
  assert.deepEqual(await titles(), ["Beginnings", "Second", "Third"]);
  assert.equal(await text(page, "operation"), "query Third { __typename }");
  await tabs(page).getByText("Second").click();
  await kept(["Beginnings", "Second", "Third"], 1);
  await page.reload();
  await there();
  assert.deepEqual(await titles(), ["Beginnings", "Second", "Third"]);
  assert.equal(await text(page, "operation"), "query Second { __typename }");
  await close();
});

test("the key goes with what is asked, and stays nowhere unless the user wants it to", async () => {
  const key = "orgraph_a_key_that_is_not_to_be_kept";
  const { page, close } = await graphiql();
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
  await page.getByRole("button", { name: "Headers" }).click();
  await write(page, "request-headers", JSON.stringify({ Authorization: `Bearer ${key}` }));
  const request = page.waitForRequest((it) => it.headers().authorization === `Bearer ${key}`);
  await execute(page);
  await request;
  await answered(page, '"totalCount": 17');
  await show(page, "History");
  await page.getByRole("button", { name: /Beginnings/ }).first().waitFor();
  assert.ok((await kept()).includes("Beginnings") && !(await kept()).includes(key));
  await screenshot(page, "graphiql-headers");
  await page.getByRole("button", { name: "Open settings dialog" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "On", exact: true }).click();
  await accessible(page);
  await screenshot(page, "graphiql-settings");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  assert.ok((await kept()).includes(key), "for whoever asks for it");
  await page.getByRole("button", { name: "Open settings dialog" }).click();
  await dialog.getByRole("button", { name: "Off", exact: true }).click();
  await page.waitForFunction((it) => !JSON.stringify({ ...localStorage }).includes(it), key);
  await close();
});

test("where a key is wanted, the page says so, and with it asks and subscribes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orgraph-keys-"));
  const keys = ["--api-keys-file", join(folder, "keys.jsonl")];
  const key = (await runOrgraph("keys", "add", "browser", "--role", "reader", ...keys)).trim();
  const guarded = await startDemo(...keys);
  try {
    const link = `/graphiql#query=${encodeURIComponent("subscription { snapshotPublished { userCount } }")}`;
    const { page, faults, close } = await graphiql(link, {}, guarded);
    await answered(page, "UNAUTHENTICATED");
    // What it has been refused until now is as it should be.
    faults.length = 0;
    await page.getByRole("button", { name: "Headers" }).click();
    await write(page, "request-headers", JSON.stringify({ Authorization: `Bearer ${key}` }));
    await page.getByRole("button", { name: "Re-fetch GraphQL schema" }).click();
    await show(page, "Documentation Explorer");
    await page.getByRole("link", { name: "Query", exact: true }).waitFor();
    await execute(page);
    await answered(page, '"userCount": 273');
    await screenshot(page, "graphiql-guarded");
    await close();
  } finally {
    await guarded.stop();
    await rm(folder, { recursive: true });
  }
});

test("it asks with the key that the explorer was given in the same tab, and keeps it nowhere", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orgraph-keys-"));
  const keys = ["--api-keys-file", join(folder, "keys.jsonl")];
  const key = (await runOrgraph("keys", "add", "browser", "--role", "reader", ...keys)).trim();
  const guarded = await startDemo(...keys);
  try {
    const { page, go, faults, close } = await visit(browser, guarded.origin);
    await go("/#/health");
    await page.getByLabel("API key or token").fill(key);
    await page.getByRole("button", { name: "Use it" }).click();
    await page.locator("main .tiles").waitFor();
    // Before there was a key: a socket that is closed for it is no fault, and what else was asked by then is chance.
    faults.splice(0, faults.length, ...faults.filter((fault) => !/\b401\b|WebSocket connection to/.test(fault)));
    await page.getByRole("link", { name: "Copy as GraphQL" }).click();
    await page.locator(".graphiql-query-editor .view-lines").waitFor();
    await execute(page);
    await answered(page, '"orgHealth"');
    await show(page, "Documentation Explorer");
    await page.getByRole("link", { name: "Query", exact: true }).waitFor();
    const follow = (query) => page.evaluate((hash) => (location.hash = hash), `#query=${encodeURIComponent(query)}`);
    await follow("subscription Published { snapshotPublished { userCount } }");
    await page.locator(".graphiql-tab-active").getByText("Published").waitFor();
    await execute(page);
    await answered(page, '"userCount": 273');
    await page.getByRole("button", { name: /^Stop query/ }).click();
    assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes(key));
    assert.ok(!page.url().includes(key));
    // What the user has written counts, be it wrong.
    await follow("query Mine { roots { totalCount } }");
    await page.locator(".graphiql-tab-active").getByText("Mine").waitFor();
    await page.getByRole("button", { name: "Headers" }).click();
    await write(page, "request-headers", JSON.stringify({ authorization: "Bearer mine" }));
    await execute(page);
    await answered(page, "UNAUTHENTICATED");
    meant(faults, /\b401\b/);
    await close();
  } finally {
    await guarded.stop();
    await rm(folder, { recursive: true });
  }
});

test("a browser that keeps nothing for pages shows both of them", async () => {
  const { page, go, close } = await visit(browser, orgraph.origin);
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException("The document is sandboxed", "SecurityError");
    };
    for (const storage of ["localStorage", "sessionStorage"]) Object.defineProperty(globalThis, storage, { get: refuse });
  });
  await go("/graphiql");
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  await execute(page);
  await answered(page, '"totalCount": 17');
  await page.getByRole("link", { name: "orgraph", exact: true }).click();
  await page.locator(".column [data-person]").first().waitFor();
  await close();
});

test("a slash at the end of its address does no harm, and the tables are a click away", async () => {
  const { page, close } = await graphiql("/graphiql/");
  await execute(page);
  await answered(page, '"totalCount": 17');
  await page.getByRole("link", { name: "tables" }).click();
  await page.getByRole("heading", { name: "Tables", level: 1 }).waitFor();
  await page.setViewportSize({ width: 320, height: 700 });
  const [wide, has] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= has, `${wide} > ${has}`);
  await accessible(page);
  await screenshot(page, "tables-phone");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "GraphiQL" }).click();
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  await close();
});

test("the keyboard alone runs a query", async () => {
  const { page, close } = await graphiql();
  await page.locator(".graphiql-query-editor .view-lines").click();
  await page.keyboard.press("ControlOrMeta+Enter");
  await answered(page, '"totalCount": 17');
  await close();
});

test("a phone shows query and answer, and no bar to scroll sideways", async () => {
  const { page, close } = await graphiql("/graphiql", { viewport: { width: 390, height: 844 } });
  await execute(page);
  await answered(page, '"totalCount": 17');
  const answer = await page.getByRole("region", { name: "Result Window" }).boundingBox();
  assert.ok(answer.width > 250 && answer.height > 200, "the answer has room below the query");
  await screenshot(page, "graphiql-phone");
  const [wide, has] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= has, `${wide} > ${has}`);
  await close();
});

test("a browser without JavaScript is told what this is", async () => {
  const plain = ["/export/v1", "/schema.graphql"];
  for (const [path, links] of [["/", [...plain, "/graphiql"]], ["/graphiql", plain]]) {
    const { page, go, close } = await visit(browser, orgraph.origin, { javaScriptEnabled: false });
    await go(path);
    await page.locator("noscript h1").waitFor();
    const there = await page.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    assert.deepEqual(there.sort(), links.sort());
    await screenshot(page, `no-script-${path === "/" ? "explorer" : "graphiql"}`);
    await close();
  }
});
