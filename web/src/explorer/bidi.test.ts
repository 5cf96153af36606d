import { describe, expect, it } from "vitest";

import { balanced, isolated } from "./bidi";

describe("people's text", () => {
  it("stands in an isolate, in whichever direction it is written", () => {
    expect(`${isolated("Ada King")} – orgraph`).toBe("\u2068Ada King\u2069 – orgraph");
    expect(isolated("עדה")).toBe("\u2068עדה\u2069");
    expect(isolated("")).toBe("\u2068\u2069");
  });

  it.each([
    ["an override, which ends with the isolate", "\u202egnihtemos", "\u202egnihtemos"],
    ["an end of an override that isn't there", "a\u202cb", "a\u202cb"],
    ["isolates that are ended", "\u2067a\u2066b\u2069c\u2069d", "\u2067a\u2066b\u2069c\u2069d"],
    ["isolates that are left open", "\u2066a\u2067b\u2068c", "\u2066a\u2067b\u2068c\u2069\u2069\u2069"],
    ["an end of the isolate that it is put in", "\u2069\u202eab\u2069", "\u202eab"],
    ["an end too early and one too late", "\u2069a\u2068b\u2069\u2069c", "a\u2068b\u2069c"],
    ["ends of paragraphs, each of which would end it too", "a\nb\rc\x1cd\x1de\x1ef\x85g\u2029\u202eh", "a b c d e f g \u202eh"],
    ["letters beyond the first plane", "𝒜\u2067𝒷", "𝒜\u2067𝒷\u2069"],
  ])("stays in it: %s", (_, text, within) => {
    expect(balanced(text)).toBe(within);
    expect(isolated(text)).toBe(`\u2068${within}\u2069`);
  });

  it("is what it was where it is balanced", () => {
    expect(balanced("Ada King")).toBe("Ada King");
  });
});
