import { expect, it } from "vitest";

import type { Person } from "../list/people";
import { textOf, together } from "./found";

it("searches for as much as the service takes, and breaks no letter", () => {
  expect(textOf("  Ann  ")).toBe("Ann");
  expect(textOf(`${"𝒜".repeat(199)}𝒜𝒜`)).toBe("𝒜".repeat(200));
  // What is cut off leaves no space that would be another text.
  expect(textOf(`${"a".repeat(199)} b`)).toBe("a".repeat(199));
});

it("has whoever has the id first, and nobody twice", () => {
  const [ann, bob] = [{ id: "1" }, { id: "2" }] as Person[];
  const found = (byId: Person[], nodes: Person[], totalCount: number) =>
    together({ byId: { nodes: byId }, search: { nodes, totalCount } });
  expect(found([ann!], [bob!], 1)).toEqual({ people: [ann, bob], totalCount: 2 });
  expect(found([bob!], [bob!], 40)).toEqual({ people: [bob], totalCount: 40 });
  expect(found([], [], 0)).toEqual({ people: [], totalCount: 0 });
});
