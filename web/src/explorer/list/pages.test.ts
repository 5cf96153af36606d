import { describe, expect, it } from "vitest";

import { PAGE, pagesOf } from "./pages";

describe("the pages of a range", () => {
  it("are those that it touches, and the first", () => {
    expect(pagesOf(0, 10)).toEqual([0]);
    expect(pagesOf(0, PAGE)).toEqual([0, 1]);
    expect(pagesOf(PAGE - 1, PAGE)).toEqual([0, 1]);
    expect(pagesOf(50_000, 50_020)).toEqual([0, 833]);
    expect(pagesOf(103_390, 103_405)).toEqual([0, 1_723]);
  });
});
