// The first minute of somebody who comes with a fresh clone: README's first command, then a browser, by the clock.
// Writes the table of docs/first-minute.md. It is no test: most of it is a release build from nothing.
//
//     node first-minute.js
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { launch, screenshot, visit } from "./browser.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const PAGE = new URL("../../docs/first-minute.md", import.meta.url);
const [BEGIN, END] = ["<!-- times -->\n", "<!-- end of the times -->"];

const rows = [];
const seconds = (milliseconds) => (milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : minutes(milliseconds));
const minutes = (milliseconds) => `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
const tell = (what, milliseconds) => {
  rows.push(`| ${what} | ${seconds(milliseconds)} |`);
  console.log(`${what}: ${seconds(milliseconds)}`);
};

const clone = mkdtempSync(join(tmpdir(), "orgraph-first-"));
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(ORGRAPH|GONG|CARGO)_/.test(name)),
);
let demo;
let browser;
try {
  execFileSync("git", ["clone", "--quiet", REPOSITORY, clone]);
  let begin = performance.now();
  execFileSync("cargo", ["build", "--release", "--locked", "--quiet"], {
    cwd: clone,
    env: environment,
    stdio: "inherit",
  });
  tell("`cargo run --release -- demo` has built", performance.now() - begin);

  begin = performance.now();
  const since = () => performance.now() - begin;
  demo = spawn(join(clone, "target/release/orgraph"), ["demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let origin;
  for await (const line of createInterface({ input: demo.stdout })) {
    if (line.startsWith("A simulated")) tell("it says what it does", since());
    if (line.startsWith("Read ")) tell("everybody is read, at Gong's pace", since());
    origin ??= /^GraphQL\s+(.*)\/graphql$/.exec(line)?.[1];
    if (line.startsWith("Ctrl-C")) break;
  }
  demo.stdout.resume();
  tell("it says where to look", since());

  browser = await launch();
  begin = performance.now();
  const { page, go, close } = await visit(browser, origin);
  await go("/");
  await page.locator(".column [data-person]").first().waitFor();
  tell("the org chart is open: somebody is in sight", since());
  await screenshot(page, "first-explorer");
  begin = performance.now();
  await page.keyboard.press("/");
  await page.keyboard.insertText("engineer");
  await page.locator(".offers .card").first().waitFor();
  tell("a search has found somebody", since());

  begin = performance.now();
  await go("/graphiql");
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  tell("GraphiQL is open", since());
  begin = performance.now();
  await page.getByRole("button", { name: /^Execute query/ }).click();
  await page.waitForFunction(() => {
    const models = globalThis.__MONACO.editor.getModels();
    return models.find(({ uri }) => uri.path.includes("response")).getValue().includes('"data"');
  });
  tell("its first question is answered", since());
  await screenshot(page, "first-graphiql");
  await close();

  begin = performance.now();
  const table = await fetch(`${origin}/export/v1/users.csv`);
  await table.text();
  tell("`users.csv` is here", since());
} finally {
  await browser?.close();
  demo?.kill("SIGINT");
  rmSync(clone, { recursive: true, force: true });
}

const table = ["| from one to the next | takes |", "|---|--:|", ...rows].join("\n");
const told = `Measured on ${availableParallelism()} cores, with the packages of Cargo and npm in their caches, in headless Chromium:`;
const text = readFileSync(PAGE, "utf8");
const [before, rest] = text.split(BEGIN);
writeFileSync(PAGE, `${before}${BEGIN}\n${told}\n\n${table}\n\n${END}${rest.split(END)[1]}`);
