import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { keepsHeaders, keptHere, Memory, withoutHeaders } from "./storage.ts";

const KEY = "Bearer orgraph_secret";
const HISTORY = JSON.stringify({ queries: [{ query: "{ a }", headers: JSON.stringify({ Authorization: KEY }) }] });

/** All that is kept. */
const textOf = (kept: Memory) =>
  Array.from({ length: kept.length }, (_, place) => kept.getItem(kept.key(place)!)).join("\n");

let browser: Memory;
afterEach(() => vi.unstubAllGlobals());
beforeEach(() => {
  browser = new Memory();
});

test("the key isn't kept unasked", () => {
  const storage = withoutHeaders(browser);
  for (const history of ["graphiql:queries", "graphiql:favorites"]) {
    storage.setItem(history, HISTORY);
    expect(JSON.parse(storage.getItem(history)!)).toEqual({ queries: [{ query: "{ a }" }] });
  }
  expect(textOf(browser)).not.toContain(KEY);
});

test("tabs are kept as GraphiQL takes them back: without headers, and saying so", () => {
  const storage = withoutHeaders(browser);
  const tab = (headers: string | null) => ({ id: "1", title: "A", query: "{ a }", variables: null, headers });
  storage.setItem("graphiql:tabState", JSON.stringify({ activeTabIndex: 1, tabs: [tab(null), tab(KEY)] }));
  const kept = JSON.parse(storage.getItem("graphiql:tabState")!) as unknown;
  expect(kept).toStrictEqual({ activeTabIndex: 1, tabs: [tab(null), tab(null)] });
});

test("the key is kept for whoever wants it kept, and goes when they don't any longer", () => {
  const storage = withoutHeaders(browser);
  storage.setItem("graphiql:shouldPersistHeaders", "true");
  expect(keepsHeaders(browser)).toBe(true);
  storage.setItem("graphiql:queries", HISTORY);
  expect(storage.getItem("graphiql:queries")).toBe(HISTORY);
  storage.setItem("graphiql:shouldPersistHeaders", "false");
  expect(keepsHeaders(browser)).toBe(false);
  expect(textOf(browser)).not.toContain(KEY);
});

test("what is wanted kept just before it is said so is kept, and nothing that comes late", () => {
  const storage = withoutHeaders(browser);
  storage.setItem("graphiql:shouldPersistHeaders", "false");
  storage.setItem("graphiql:headers", KEY);
  storage.setItem("graphiql:tabState", HISTORY);
  expect(textOf(browser)).not.toContain(KEY);
  storage.setItem("graphiql:shouldPersistHeaders", "true");
  expect(storage.getItem("graphiql:headers")).toBe(KEY);
  expect(storage.getItem("graphiql:tabState")).toBe(HISTORY);
  storage.setItem("graphiql:shouldPersistHeaders", "false");
  storage.setItem("graphiql:tabState", HISTORY);
  expect(textOf(browser)).not.toContain(KEY);
});

test("only what is GraphiQL's is cleared", () => {
  const storage = withoutHeaders(browser);
  browser.setItem("theme", "dark");
  storage.setItem("graphiql:theme", "light");
  expect(storage.length).toBe(1);
  storage.clear();
  expect(storage.length).toBe(0);
  expect(browser.getItem("theme")).toBe("dark");
});

test("what a browser refuses to keep is kept until the page is left", () => {
  const kept = new Memory();
  vi.stubGlobal("localStorage", kept);
  expect(keptHere()).toBe(kept);
  vi.unstubAllGlobals();
  const refuse = () => {
    throw new DOMException("denied", "SecurityError");
  };
  Object.defineProperty(globalThis, "localStorage", { get: refuse, configurable: true });
  try {
    const storage = withoutHeaders(keptHere());
    storage.setItem("graphiql:theme", "light");
    expect(storage.getItem("graphiql:theme")).toBe("light");
    expect(storage.length).toBe(1);
  } finally {
    Reflect.deleteProperty(globalThis, "localStorage");
  }
});
