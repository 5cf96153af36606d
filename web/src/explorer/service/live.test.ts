import { beforeEach, describe, expect, it, vi } from "vitest";

/** The module anew: it holds what a page knows. */
async function live() {
  vi.resetModules();
  return import("./live");
}

describe("snapshots", () => {
  let told: number;
  let observe: (version: string, second: number) => void;
  beforeEach(async () => {
    const module = await live();
    told = 0;
    module.onNewSnapshot(() => (told += 1));
    observe = (version, second) =>
      module.observeSnapshot({ version, takenAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() });
  });

  it("are told when they change, and the first one isn't", () => {
    observe("a", 1);
    expect(told).toBe(0);
    observe("a", 1);
    observe("b", 2);
    observe("b", 2);
    expect(told).toBe(1);
  });

  it("of before that come late are passed over", () => {
    observe("b", 2);
    observe("a", 1);
    observe("b", 2);
    expect(told).toBe(0);
  });
});

describe("what stands before all views", () => {
  it("goes with an answer that is from a snapshot, and not with one about the sync", async () => {
    const { now, observeAnswer } = await live();
    observeAnswer("NOT_READY", false);
    observeAnswer(undefined, false);
    expect(now().gate).toBe("first-scan");
    observeAnswer("THROTTLED", false);
    expect(now().gate).toBe("first-scan");
    observeAnswer(undefined, true);
    expect(now().gate).toBeUndefined();
  });

  it("is the key until one is good, whatever is answered with it", async () => {
    const { now, observeAnswer } = await live();
    observeAnswer("UNAUTHENTICATED", false);
    expect(now().gate).toBe("key");
    observeAnswer(undefined, false);
    expect(now().gate).toBeUndefined();
  });
});

it("tells when the service that was away is reached", async () => {
  const { onReached, update } = await live();
  let told = 0;
  onReached(() => (told += 1));
  update({ connection: "polled" });
  update({ connection: "away" });
  update({ connection: "away" });
  expect(told).toBe(0);
  update({ connection: "open" });
  expect(told).toBe(1);
});
