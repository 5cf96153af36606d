import { afterEach, expect, test, vi } from "vitest";

import { authorization, currentKey, onKey, takeKey } from "./key.ts";

afterEach(() => {
  Reflect.deleteProperty(globalThis, "sessionStorage");
});

test("a browser that keeps nothing has the key until the page is left", () => {
  const refuse = () => {
    throw new DOMException("denied", "SecurityError");
  };
  Object.defineProperty(globalThis, "sessionStorage", { get: refuse, configurable: true });
  const told = vi.fn();
  const end = onKey(told);
  takeKey("orgraph_k");
  expect(currentKey()).toBe("orgraph_k");
  expect(authorization()).toEqual({ Authorization: "Bearer orgraph_k" });
  takeKey("");
  expect(authorization()).toEqual({});
  expect(told).toHaveBeenCalledTimes(2);
  end();
});
