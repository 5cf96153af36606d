import { describe, expect, it } from "vitest";

import { DEEPEST, layersOf } from "./layers";
import { byManager } from "./missing";
import { DRAWN, drawRing, MEMBER } from "./ring";

describe("a ring", () => {
  it.each([2, 3, 7, DRAWN])("of %i has everybody apart and inside", (length) => {
    const { size, members, arcs } = drawRing(length);
    expect(members).toHaveLength(length);
    expect(arcs).toHaveLength(length);
    members.forEach((one, index) => {
      expect(Math.min(one.x, one.y)).toBeGreaterThanOrEqual(MEMBER);
      expect(Math.max(one.x, one.y)).toBeLessThanOrEqual(size - MEMBER);
      for (const other of members.slice(index + 1)) {
        expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(2 * MEMBER);
      }
    });
  });

  it("begins at the top", () => {
    const { size, members } = drawRing(3);
    expect(members[0]?.x).toBeCloseTo(size / 2);
    expect(members[0]?.y).toBeLessThan(members[1]?.y ?? 0);
  });

  it("that is longer than can be drawn is cut", () => {
    expect(drawRing(103_405).members).toHaveLength(DRAWN);
    expect(drawRing(0).arcs).toEqual([]);
  });
});

describe("missing managers", () => {
  it("have whoever names them, the largest first", () => {
    const orphan = (id: string, managerId: string, everybodyBelow: number) => ({ id, managerId, everybodyBelow });
    const managers = byManager([orphan("1", "a", 0), orphan("2", "b", 10), orphan("3", "a", 2)]);
    expect(managers.map(({ managerId, everybody }) => [managerId, everybody])).toEqual([
      ["b", 11],
      ["a", 4],
    ]);
    expect(managers[1]?.people.map(({ id }) => id)).toEqual(["1", "3"]);
  });
});

describe("layers", () => {
  const layers = (deepest: number) =>
    Array.from({ length: Math.min(deepest, DEEPEST) + 1 }, (_, depth) => ({ depth, headcount: 1 }));

  it("have whoever is deeper than is shown in the last bar", () => {
    const bars = layersOf({ headcount: 12_861, withoutDepthCount: 1, headcountByDepth: layers(12_859) });
    expect(bars).toHaveLength(DEEPEST + 2);
    expect(bars.at(-2)).toEqual({ label: "30", value: 1 });
    expect(bars.at(-1)).toEqual({ label: "31 and more", value: 12_860 - 31 });
  });

  it("are all there is where nobody is deeper", () => {
    const bars = layersOf({ headcount: 34, withoutDepthCount: 3, headcountByDepth: layers(DEEPEST) });
    expect(bars.at(-1)).toEqual({ label: "30", value: 1 });
  });
});
