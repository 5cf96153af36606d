import { describe, expect, it } from "vitest";

import { addressOf, ISSUE_KINDS, ORPHAN_REASONS, routeOf, type Route } from "./route";

describe("an address", () => {
  const routes: Route[] = [
    { view: "chart" },
    { view: "chart", personId: "8424522639353776973" },
    ...ORPHAN_REASONS.map((reason): Route => ({ view: "chart", reason })),
    { view: "person", personId: "00005654" },
    { view: "person", personId: "a/b #%?" },
    { view: "health" },
    ...ISSUE_KINDS.map((kind): Route => ({ view: "health", kind })),
    { view: "move", personId: "1" },
    { view: "move", personId: "1", managerId: "2" },
    { view: "move", personId: "1", managerId: null },
  ];
  it.each(routes)("of %o leads back to it", (route) => {
    expect(routeOf(addressOf(route))).toEqual(route);
  });

  it.each(["", "#", "#/", "/"])("that is empty (%o) is the chart", (hash) => {
    expect(routeOf(hash)).toEqual({ view: "chart" });
  });

  it.each(["#/nothing", "#/people", "#/chart/orphans/WHATEVER", "#/health/NO", "#/people/%E0%A4%A", "#/move/1/2/3/4"])(
    "that leads nowhere (%s) is told so",
    (hash) => {
      expect(routeOf(hash)).toEqual({ view: "unknown" });
    },
  );

  it("keeps ids as they are written", () => {
    expect(routeOf("#/people/00005654")).toEqual({ view: "person", personId: "00005654" });
  });
});
