import { InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { answers } from "./answers";
import { Fault } from "./fault";
import { update } from "./live";

beforeEach(() => {
  vi.useFakeTimers();
  update({ connection: "away" });
});
afterEach(() => {
  answers.clear();
  vi.useRealTimers();
});

const away = async () => {
  throw new Fault("NETWORK", "the service can't be reached");
};

it("is asked for again as soon as the service is reached, and not when its pause has ended", async () => {
  const ask = vi.fn<() => Promise<string>>(away);
  const answer = new QueryObserver(answers, { queryKey: ["answer"], queryFn: ask });
  const end = answer.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answer.getCurrentResult().failureReason).toBeInstanceOf(Fault);
  const asked = ask.mock.calls.length;
  ask.mockResolvedValue("there");
  update({ connection: "open" });
  await vi.advanceTimersByTimeAsync(0);
  expect(answer.getCurrentResult()).toMatchObject({ data: "there", failureReason: null });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ask).toHaveBeenCalledTimes(asked + 1);
  end();
});

it("is the next page where that was waited for", async () => {
  const ask = vi.fn(async ({ pageParam }: { pageParam: number }) => pageParam);
  const pages = new InfiniteQueryObserver(answers, {
    queryKey: ["pages"],
    queryFn: ask,
    initialPageParam: 0,
    getNextPageParam: (last: number) => last + 1,
  });
  const end = pages.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  ask.mockImplementationOnce(away);
  const more = pages.fetchNextPage();
  await vi.advanceTimersByTimeAsync(0);
  expect(pages.getCurrentResult().data?.pages).toEqual([0]);
  update({ connection: "polled" });
  await vi.advanceTimersByTimeAsync(0);
  expect((await more).data?.pages).toEqual([0, 1]);
  end();
});

it("is left alone where nothing has failed", async () => {
  const ask = vi.fn(() => new Promise<string>((resolve) => setTimeout(resolve, 5_000, "there")));
  const answer = new QueryObserver(answers, { queryKey: ["slow"], queryFn: ask });
  const end = answer.subscribe(() => {});
  update({ connection: "open" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(answer.getCurrentResult().data).toBe("there");
  expect(ask).toHaveBeenCalledTimes(1);
  end();
});
