// What a browser fetches for each page when it first comes, by its own count. `ORGRAPH_WRITE_DOCS` puts the table into
// docs/pages.md.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { launch, startDemo, visit } from "./browser.js";

const PAGE = new URL("../../docs/pages.md", import.meta.url);
const [BEGIN, END] = ["<!-- sizes -->\n", "<!-- end of the sizes -->"];

/**
 * In bytes, compressed: more than this is noticed on the way to a page, and wants a reason. And what is fetched last, of
 * what comes unasked.
 */
const PAGES = [
  { path: "/", bound: 400 * 1024, last: ["explorer-", "events-", "HealthView-", "PersonView-", "MoveView-"] },
  { path: "/graphiql", bound: 2 * 1024 * 1024, last: ["editor.worker-", "json.worker-", "graphql.worker-"] },
];

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

/** The bytes of a page and of its files as they are sent, by kind. */
async function fetched(path, last) {
  const { page, go, close } = await visit(browser, orgraph.origin);
  await go(path);
  const names = (wanted) => {
    const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
    return wanted.every((part) => fetched.some((name) => name.includes(part)));
  };
  await page.waitForFunction(names, last);
  await page.waitForLoadState("networkidle");
  const files = await page.evaluate(() => {
    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return all.map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]);
  });
  await close();
  const bytes = { page: 0, scripts: 0, styles: 0, others: 0 };
  // A worker that is started twice is fetched once.
  for (const [name, size] of new Map(files)) {
    if (name === "/graphql") continue;
    bytes[name === path ? "page" : ({ js: "scripts", css: "styles" }[name.split(".").at(-1)] ?? "others")] += size;
  }
  return bytes;
}

test("a page is no larger than it has to be", async () => {
  const kib = (bytes) => (bytes / 1024).toFixed(1);
  const rows = ["| page | itself | scripts | styles | letters, pictures | in all |", "|---|--:|--:|--:|--:|--:|"];
  for (const { path, bound, last } of PAGES) {
    const { page, scripts, styles, others } = await fetched(path, last);
    const all = page + scripts + styles + others;
    rows.push(`| \`${path}\` | ${[page, scripts, styles, others, all].map(kib).join(" | ")} |`);
    assert.ok(page > 0 && scripts > 0 && all < bound, `${path}: ${all} bytes`);
  }
  const table = rows.join("\n");
  console.log(table);
  if (process.env.ORGRAPH_WRITE_DOCS) {
    const text = readFileSync(PAGE, "utf8");
    const [before, rest] = text.split(BEGIN);
    writeFileSync(PAGE, `${before}${BEGIN}\n${table}\n\n${END}${rest.split(END)[1]}`);
  }
});
