import { beforeEach, expect, test } from "vitest";

import { keepsHeaders, withoutHeaders } from "./storage.ts";

/** The browser's storage, as far as it is used. */
class Memory {
  #kept = new Map<string, string>();
  getItem = (key: string) => this.#kept.get(key) ?? null;
  setItem(key: string, value: string) {
    this.#kept.set(key, value);
    Object.assign(this, { [key]: value });
  }
  removeItem(key: string) {
    this.#kept.delete(key);
    delete (this as Record<string, unknown>)[key];
  }
  get text() {
    return [...this.#kept.values()].join("\n");
  }
}

const KEY = "Bearer orgraph_secret";
const HISTORY = JSON.stringify({ queries: [{ query: "{ a }", headers: JSON.stringify({ Authorization: KEY }) }] });

let browser: Memory & Storage;
beforeEach(() => {
  browser = new Memory() as Memory & Storage;
});

test("the key isn't kept unasked", () => {
  const storage = withoutHeaders(browser);
  for (const history of ["graphiql:queries", "graphiql:favorites"]) {
    storage.setItem(history, HISTORY);
    expect(JSON.parse(storage.getItem(history)!)).toEqual({ queries: [{ query: "{ a }" }] });
  }
  expect(browser.text).not.toContain(KEY);
});

test("the key is kept for whoever wants it kept, and goes when they don't any longer", () => {
  const storage = withoutHeaders(browser);
  storage.setItem("graphiql:shouldPersistHeaders", "true");
  expect(keepsHeaders(browser)).toBe(true);
  storage.setItem("graphiql:queries", HISTORY);
  expect(storage.getItem("graphiql:queries")).toBe(HISTORY);
  storage.setItem("graphiql:shouldPersistHeaders", "false");
  expect(keepsHeaders(browser)).toBe(false);
  expect(browser.text).not.toContain(KEY);
});

test("what is wanted kept just before it is said so is kept, and nothing that comes late", () => {
  const storage = withoutHeaders(browser);
  storage.setItem("graphiql:shouldPersistHeaders", "false");
  storage.setItem("graphiql:headers", KEY);
  storage.setItem("graphiql:tabState", HISTORY);
  expect(browser.text).not.toContain(KEY);
  storage.setItem("graphiql:shouldPersistHeaders", "true");
  expect(storage.getItem("graphiql:headers")).toBe(KEY);
  expect(storage.getItem("graphiql:tabState")).toBe(HISTORY);
  storage.setItem("graphiql:shouldPersistHeaders", "false");
  storage.setItem("graphiql:tabState", HISTORY);
  expect(browser.text).not.toContain(KEY);
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
