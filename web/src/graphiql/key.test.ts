import { afterEach, expect, test, vi } from "vitest";

import { takeKey } from "../key.ts";
import { credited, withKeyOfTab } from "./key.ts";
import { Memory } from "./storage.ts";

afterEach(() => vi.unstubAllGlobals());

test("the key of the tab goes with what is asked, unless the user has written a credential", () => {
  vi.stubGlobal("sessionStorage", new Memory());
  expect(credited()).toEqual({});
  takeKey("orgraph_k");
  expect(credited()).toEqual({ Authorization: "Bearer orgraph_k" });
  expect(credited({ "X-Other": "1" })).toEqual({ "X-Other": "1", Authorization: "Bearer orgraph_k" });
  for (const name of ["Authorization", "authorization", "AUTHORIZATION"]) {
    expect(credited({ [name]: "Basic mine" })).toEqual({ [name]: "Basic mine" });
  }
});

test("what GraphiQL says of a request is passed on", () => {
  vi.stubGlobal("sessionStorage", new Memory());
  const fetcher = vi.fn();
  withKeyOfTab(fetcher)({ query: "{ a }" }, { headers: { a: "b" } });
  expect(fetcher).toHaveBeenCalledWith({ query: "{ a }" }, { headers: { a: "b" } });
});
