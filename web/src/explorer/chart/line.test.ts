import { describe, expect, it } from "vitest";

import type { Person } from "../list/people";
import { lineOf } from "./line";

const person = (id: string): Person => ({
  id,
  name: `Person ${id}`,
  title: null,
  active: true,
  kind: "PERSON",
  managerId: null,
  orphanReason: null,
  reportCount: 0,
  everybodyBelow: 0,
});

describe("a line", () => {
  it("stands from the highest down to the person asked for", () => {
    const line = lineOf({
      user: { ...person("3"), managerChain: { length: 2, end: "ROOT", nodes: [person("2"), person("1")] } },
    });
    expect(line?.people.map(({ id }) => id)).toEqual(["1", "2", "3"]);
    expect(line?.hiddenAbove).toBe(0);
  });

  it("tells how many are above those who are shown", () => {
    const line = lineOf({
      user: { ...person("3"), managerChain: { length: 12_858, end: "CYCLE", nodes: [person("2"), person("1")] } },
    });
    expect(line?.hiddenAbove).toBe(12_856);
    expect(line?.end).toBe("CYCLE");
  });

  it("is none of somebody who isn't there", () => {
    expect(lineOf({ user: null })).toBeUndefined();
  });
});
