import { describe, expect, it } from "vitest";

import { count, counted, figure, hueOf, initials, nameOf, span } from "./words";

describe("words", () => {
  it("of counts", () => {
    expect(count(103_405)).toBe("103,405");
    expect(counted(1, "report")).toBe("1 report");
    expect(counted(0, "report")).toBe("0 reports");
    expect(counted(2, "person", "people")).toBe("2 people");
    expect(figure(7.04)).toBe("7");
    expect(figure(7.06)).toBe("7.1");
    expect(figure(null)).toBe("–");
  });

  it.each([
    [-5, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_599_999, "59 min"],
    [86_399_999, "23 h"],
    [172_800_000, "2 d"],
  ])("of %i milliseconds", (milliseconds, told) => {
    expect(span(milliseconds)).toBe(told);
  });

  it("of names", () => {
    expect(nameOf({ id: "7", name: null })).toBe("7");
    expect(nameOf({ id: "7", name: " " })).toBe("7");
    expect(initials("Ada King Lovelace")).toBe("AL");
    expect(initials("ada")).toBe("A");
    expect(initials("𝒜 b")).toBe("𝒜B");
    expect(initials("")).toBe("");
  });

  it("of hues, the same for the same id", () => {
    expect(hueOf("8424522639353776973")).toBe(hueOf("8424522639353776973"));
    expect(hueOf("x")).toBeLessThan(360);
  });
});
