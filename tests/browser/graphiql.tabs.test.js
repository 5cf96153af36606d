// GraphiQL's tabs with the keyboard, as they are heard, and as they are dragged.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible, launch, screenshot, startDemo, visit } from "./browser.js";

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

const tab = (page, name) => page.getByRole("tab", { name, exact: true });
const names = (page) => page.getByRole("tab").allInnerTexts();
const opened = (page, name) => page.getByRole("tab", { name, exact: true, selected: true }).waitFor();
const focused = (page) => page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.innerText);

/** GraphiQL with a tab for each of these, the last of which is open. */
async function graphiql(operations, options = {}) {
  const there = await visit(browser, orgraph.origin, options);
  const { page } = there;
  const [first, ...more] = operations.map((name) => `#query=${encodeURIComponent(`query ${name} { __typename }`)}`);
  await there.go(`/graphiql${first}`);
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  await opened(page, operations[0]);
  for (const [place, hash] of more.entries()) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await opened(page, operations[place + 1]);
  }
  return there;
}

test("arrows move among the tabs, Enter opens one, and Delete closes it", async () => {
  const { page, close } = await graphiql(["One", "Two", "Three"]);
  const press = async (key, there) => {
    await page.keyboard.press(key);
    assert.equal(await focused(page), there, key);
  };
  await tab(page, "Three").focus();
  await press("ArrowRight", "One");
  await press("ArrowLeft", "Three");
  await press("Home", "One");
  await press("End", "Three");
  await press("ArrowLeft", "Two");
  await opened(page, "Three");
  await press("Enter", "Two");
  await opened(page, "Two");
  await press("Tab", "Close Two");
  await press("Shift+Tab", "Two");
  await press("Delete", "One");
  await opened(page, "One");
  assert.deepEqual(await names(page), ["One", "Three"]);
  await press("Tab", "Close One");
  await press("Enter", "Three");
  await opened(page, "Three");
  await press("Delete", "Three");
  assert.deepEqual(await names(page), ["Three"], "the last one stays");
  await close();
});

test("a tab is one button, beside which is the one that closes it, whatever becomes of them", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await graphiql(["One", "Two", "Three"], { colorScheme });
    await accessible(page);
    await tab(page, "Three").focus();
    await page.keyboard.press("ArrowLeft");
    await accessible(page);
    await screenshot(page, `graphiql-tabs-${colorScheme}`);
    await page.keyboard.press("Enter");
    await opened(page, "Two");
    await page.keyboard.press("Delete");
    await opened(page, "One");
    await accessible(page);
    const heard = await page.locator(".graphiql-session-header").ariaSnapshot();
    assert.match(heard, /^- tablist "Operations":\n  - tab "One" \[selected\]\n  - tab "Three"\n- /);
    await close();
  }
});

test("the button that closes a tab leaves its name to be read", async () => {
  const { page, close } = await graphiql(["One", "Two"]);
  const [name, button] = await page.locator(".graphiql-tab-active").evaluate((it) => {
    const range = document.createRange();
    range.selectNodeContents(it.querySelector('[role="tab"]'));
    return [range, it.querySelector(".graphiql-tab-close")].map((part) => part.getBoundingClientRect().toJSON());
  });
  assert.ok(name.right <= button.left, `${name.right} > ${button.left}`);
  assert.deepEqual([button.width, button.height], [24, 24]);
  await close();
});

test("tabs are dragged, and are what they were after a reload", async () => {
  const { page, close } = await graphiql(["One", "Two", "Three"]);
  const { x, y } = await tab(page, "One").boundingBox();
  await page.mouse.move(x + 10, y + 10);
  await page.mouse.down();
  for (let right = 10; (await names(page))[0] === "One" && right < 400; right += 4) await page.mouse.move(x + right, y + 10);
  await page.mouse.up();
  const dragged = ["Two", "One", "Three"];
  assert.deepEqual(await names(page), dragged);
  await opened(page, "Three");
  await accessible(page);
  await page.waitForFunction((wanted) => {
    const { tabs } = JSON.parse(localStorage.getItem("graphiql:tabState"));
    return tabs.map(({ title }) => title).join() === wanted;
  }, dragged.join());
  await page.reload();
  await opened(page, "Three");
  assert.deepEqual(await names(page), dragged);
  await accessible(page);
  await close();
});
