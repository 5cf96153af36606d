import { useQueries } from "@tanstack/react-query";

import { onKey } from "../../key";
import { onNewSnapshot } from "../service/live";
import { Ladder } from "./ladder";
import type { Page, PeopleList, Person } from "./people";

/** How many people are loaded at once: some screens of cards. */
export const PAGE = 60;

/** Ladders are of a snapshot, and the last so many lists have one. */
const LADDERS = 64;
const ladders = new Map<string, Ladder>();
onNewSnapshot(() => ladders.clear());
onKey(() => ladders.clear());

function ladderOf(list: PeopleList): Ladder {
  const name = JSON.stringify(list.key);
  const ladder = ladders.get(name) ?? new Ladder(0, list.hop);
  ladders.delete(name);
  ladders.set(name, ladder);
  for (const oldest of ladders.keys()) {
    if (ladders.size <= LADDERS) break;
    ladders.delete(oldest);
  }
  return ladder;
}

async function load(list: PeopleList, index: number, signal: AbortSignal): Promise<Page> {
  const ladder = ladderOf(list);
  const position = index * PAGE;
  if (position > 0 && !ladder.knows(position)) {
    // The first rung says how long the list is, by which the nearer end is known.
    ladder.note(0, null, (await list.hop({ forward: true, count: 0, from: null }, signal)).totalCount);
  }
  const page = await list.page(PAGE, await ladder.reach(position, signal), signal);
  ladder.note(position + page.people.length, page.endCursor, page.totalCount);
  return page;
}

/** The numbers of the pages that hold the people of a range, both ends among them; the first page is always one. */
export function pagesOf(from: number, to: number): number[] {
  const pages = [0];
  for (let page = Math.max(1, Math.floor(from / PAGE)); page <= Math.floor(to / PAGE); page += 1) pages.push(page);
  return pages;
}

export interface People {
  /** Undefined until the first page is there. */
  totalCount: number | undefined;
  at(index: number): Person | undefined;
  fault: unknown;
}

/**
 * The people of a list who stand in a range. While it is scrolled fast (`passing`) only pages that are a rung away are
 * asked for: nobody looks at what flies by.
 */
export function usePeople(list: PeopleList, range: { from: number; to: number }, passing: boolean): People {
  const ladder = ladderOf(list);
  const wanted = pagesOf(range.from, range.to);
  const results = useQueries({
    queries: wanted.map((index) => ({
      queryKey: ["people", ...list.key, index],
      queryFn: ({ signal }: { signal: AbortSignal }) => load(list, index, signal),
      // Whoever scrolls through all of a long list doesn't keep all of it.
      gcTime: 30_000,
      enabled: !passing || ladder.knows(index * PAGE),
    })),
  });
  const pages = new Map(wanted.map((index, place) => [index, results[place]]));
  return {
    // Every page tells the length; the one that was asked for last is right.
    totalCount: results.reduce<{ at: number; total?: number }>(
      (latest, { data, dataUpdatedAt }) =>
        data && dataUpdatedAt >= latest.at ? { at: dataUpdatedAt, total: data.totalCount } : latest,
      { at: 0 },
    ).total,
    at: (index) => pages.get(Math.floor(index / PAGE))?.data?.people[index % PAGE],
    fault: results.find((result) => result.error ?? result.failureReason)?.failureReason ?? null,
  };
}
