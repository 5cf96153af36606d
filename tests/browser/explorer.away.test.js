// The explorer while the service is away, after it was upgraded under an open tab, and where something else is broken.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessible, launch, meant, screenshot, visit } from "./browser.js";
import { company, PEOPLE } from "./company.js";
import { name } from "./explorer.js";
import { startGong } from "./gong.js";
import { serve } from "./service.js";

const people = company(20);
let gong;
let browser;
before(async () => {
  [gong, browser] = await Promise.all([startGong(people), launch()]);
});
after(async () => {
  await browser?.close();
  await gong?.stop();
});

/** A service that has read everybody, and a page in front of it; `again()` starts the service anew where it was. */
async function explorer(t) {
  let service = await serve(gong);
  t.after(() => service.stop());
  await service.read();
  const { origin } = service;
  const visited = await visit(browser, origin);
  return {
    ...visited,
    sync: () => service.sync(),
    stop: () => service.stop(),
    async again() {
      service = await serve(gong, "--listen", new URL(origin).host);
      await service.read();
    },
  };
}

const script = (view) => new RegExp(`/assets/${view}View-[^/]+\\.js$`);
const live = (page) => page.locator(".freshness .dot.good").waitFor();
const heading = (page, words) => page.getByRole("heading", { name: words, level: 1 }).waitFor();
const LOST = "The connection to the service is lost";
const AWAY = /net::ERR|WebSocket connection to|Failed to (load|fetch)/;

/** The page where the script of a view isn't in the service any more; `loaded` counts how often the page is fetched anew. */
async function withoutScript(t, view) {
  const there = await explorer(t);
  const { page, go } = there;
  await page.route(script(view), (route) => route.fulfill({ status: 404, contentType: "application/json", body: "{}" }));
  await go("/");
  await live(page);
  return { ...there, loaded: loads(page) };
}

/**
 * Whether this browser remembers of a script that it couldn't be had, as Chromium 147 and 148 do: then only a page that
 * is loaded anew has it.
 */
async function remembersFailures(page) {
  const probe = /\/assets\/probe\.js$/;
  const fetched = () => page.evaluate(() => import("/assets/probe.js").then(() => true, () => false));
  await page.route(probe, (route) => route.abort());
  assert.equal(await fetched(), false);
  await page.unroute(probe);
  await page.route(probe, (route) => route.fulfill({ contentType: "text/javascript", body: "export {};" }));
  return !(await fetched());
}

/** How often the page itself is fetched from now on. */
function loads(page) {
  const count = { times: 0 };
  page.on("request", (request) => (count.times += request.isNavigationRequest() ? 1 : 0));
  return count;
}

test("a view that couldn't be fetched while the service was away is there when it is back", async (t) => {
  const { page, go, stop, again, faults, close } = await explorer(t);
  // As in the first moment, when nothing has been fetched ahead.
  await page.route(script("Health"), (route) => route.abort());
  await go("/");
  await live(page);
  const remembers = await remembersFailures(page);
  await stop();
  await page.getByText(LOST).waitFor();
  await page.unroute(script("Health"));
  const loaded = loads(page);
  await page.getByRole("link", { name: "Health" }).click();
  await heading(page, "This view isn’t here yet");
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  await accessible(page);
  await screenshot(page, "explorer-view-awaited");
  await page.getByRole("button", { name: "Try again" }).click();
  await heading(page, "This view isn’t here yet");
  await again();
  await heading(page, "Health of the picture");
  await page.getByRole("link", { name: "Ring of managers" }).waitFor();
  await page.getByText(LOST).waitFor({ state: "detached" });
  await live(page);
  assert.equal(loaded.times, remembers ? 1 : 0, "the page is loaded anew only where it has to be");
  meant(faults, AWAY);
  await close();
});

test("views are fetched before anybody comes to them, and say what is the matter while the service is away", async (t) => {
  const { page, go, stop, again, faults, close } = await explorer(t);
  const fetched = ["Health", "Person", "Move"].map((view) => page.waitForResponse(script(view)));
  await go("/");
  await Promise.all(fetched);
  await live(page);
  await stop();
  await page.getByText(LOST).waitFor();
  await screenshot(page, "explorer-connection-lost");
  await page.getByRole("link", { name: "Health" }).click();
  await heading(page, "Health of the picture");
  await page.getByText("The service can’t be reached").waitFor();
  await again();
  await page.getByRole("link", { name: "Ring of managers" }).waitFor();
  meant(faults, AWAY);
  await close();
});

test("a script that went with an upgrade has the page loaded anew, once", async (t) => {
  const { page, loaded, faults, close } = await withoutScript(t, "Health");
  // The service of after the upgrade has what its own page names.
  page.on("request", async (request) => {
    if (request.isNavigationRequest()) await page.unroute(script("Health"));
  });
  await page.getByRole("link", { name: "Health" }).click();
  await page.getByRole("link", { name: "Ring of managers" }).waitFor();
  assert.equal(loaded.times, 1);
  meant(faults, /\b404\b/);
  await close();
});

test("a script that is gone for good is told so, and the page isn't loaded for ever", async (t) => {
  const { page, loaded, faults, close } = await withoutScript(t, "Health");
  await page.getByRole("link", { name: "Health" }).click();
  await heading(page, "A part of this page is gone");
  assert.equal(loaded.times, 1);
  await accessible(page);
  await screenshot(page, "explorer-script-gone");
  await page.getByRole("link", { name: "Chart", exact: true }).click();
  await page.locator(`.column [data-person="${PEOPLE.chief}"]`).waitFor();
  await page.getByRole("link", { name: "Health" }).click();
  await heading(page, "A part of this page is gone");
  await page.unroute(script("Health"));
  await page.getByRole("button", { name: "Load the page anew" }).click();
  await heading(page, "Health of the picture");
  meant(faults, /\b404\b|console:/);
  await close();
});

test("a view that breaks takes nothing along, and can be tried again", async (t) => {
  const { page, go, faults, close } = await explorer(t);
  await page.route("**/graphql", async (route) => {
    if (!route.request().postData()?.includes("PersonPage")) return route.continue();
    const response = await route.fetch();
    const told = await response.json();
    told.data.user.managerChain = null;
    return route.fulfill({ response, json: told });
  });
  await go(`/#/people/${PEOPLE.chief}`);
  await heading(page, "This view is broken");
  await accessible(page);
  await screenshot(page, "explorer-view-broken");
  await page.getByRole("link", { name: "Health" }).click();
  await heading(page, "Health of the picture");
  await page.goBack();
  await heading(page, "This view is broken");
  await page.unroute("**/graphql");
  await page.getByRole("button", { name: "Try again" }).click();
  await heading(page, name(PEOPLE.chief));
  meant(faults, /console:/);
  await close();
});

test("where no WebSocket stays open the page says so, and asks for news", async (t) => {
  const { page, go, sync, close } = await explorer(t);
  let blocked = true;
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    if (blocked) socket.close({ code: 1011 });
    else socket.connectToServer();
  });
  await go(`/#/people/${PEOPLE.chief}`);
  await page.getByText("Live updates are off").waitFor();
  await page.locator(".freshness summary").getByText("Up to date").waitFor();
  await accessible(page);
  await screenshot(page, "explorer-without-socket");
  people.get(PEOPLE.chief).title = "Chief of all";
  await sync();
  await page.getByText("Chief of all").first().waitFor();
  blocked = false;
  await page.getByText("Live updates are off").waitFor({ state: "detached" });
  await close();
});
