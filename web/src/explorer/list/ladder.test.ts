import { describe, expect, it } from "vitest";

import { Ladder, nextStep, type Hop } from "./ladder";

/** A list of so many whose cursors are the numbers of their people, as a service would answer hops to it. */
function listOf(total: number) {
  const hops: Hop[] = [];
  const ladder = new Ladder(total, async (hop) => {
    hops.push(hop);
    if (hop.forward) {
      const end = Math.min(total, (hop.from === null ? 0 : Number(hop.from) + 1) + hop.count);
      return { cursor: end === 0 ? null : String(end - 1), totalCount: total };
    }
    const start = Math.max(0, (hop.from === null ? total : Number(hop.from)) - hop.count);
    return { cursor: String(start), totalCount: total };
  });
  return { ladder, hops };
}

describe("a ladder", () => {
  it("needs no hop to the beginning", async () => {
    const { ladder, hops } = listOf(10);
    expect(await ladder.reach(0)).toBeNull();
    expect(hops).toEqual([]);
  });

  it.each([1, 60, 999, 1_000, 1_001, 51_702, 51_703, 103_344, 103_405])(
    "ends before the person at position %i of 103,405",
    async (position) => {
      const { ladder, hops } = listOf(103_405);
      expect(await ladder.reach(position)).toBe(String(position - 1));
      expect(hops.length).toBeLessThanOrEqual(52);
    },
  );

  it("reaches the end from the end", async () => {
    const { ladder, hops } = listOf(103_405);
    await ladder.reach(103_360);
    expect(hops).toEqual([{ forward: false, count: 46, from: null }]);
  });

  it("goes on from the nearest rung, and not twice the same way", async () => {
    const { ladder, hops } = listOf(103_405);
    await Promise.all([ladder.reach(50_000), ladder.reach(50_060), ladder.reach(50_000)]);
    expect(hops.length).toBe(51);
    expect(hops.at(-1)).toEqual({ forward: true, count: 60, from: "49999" });
  });

  it("takes note of cursors that come with pages", async () => {
    const { ladder, hops } = listOf(500);
    ladder.note(60, "59", 500);
    expect(ladder.knows(60)).toBe(true);
    expect(await ladder.reach(60)).toBe("59");
    expect(hops).toEqual([]);
  });

  it("goes on after a walk that was given up", async () => {
    const { ladder } = listOf(5_000);
    const given = new AbortController();
    given.abort();
    await expect(ladder.reach(2_000, given.signal)).rejects.toThrow();
    expect(await ladder.reach(2_000)).toBe("1999");
  });

  it("ends where the list is shorter than was thought", async () => {
    const empty = new Ladder(100, async () => ({ cursor: null, totalCount: 0 }));
    expect(await empty.reach(60)).toBeNull();
  });
});

describe("the next step", () => {
  it("is the one on the shorter way", () => {
    expect(nextStep([0], 100, 3_000)).toEqual({ forward: true, count: 100, at: 0 });
    expect(nextStep([0], 2_900, 3_000)).toEqual({ forward: false, count: 101, at: 3_001 });
    expect(nextStep([0, 5_000], 4_000, 100_000)).toEqual({ forward: false, count: 1_000, at: 5_000 });
  });
});
