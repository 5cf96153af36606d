import { useQuery } from "@tanstack/react-query";

import type { People } from "./pages";
import { PAGE } from "./pages";
import type { PeopleList } from "./people";

/** The most people among whom somebody is looked for, in one question. */
const LOOKED_THROUGH = 1_000;

/**
 * At which position of a list somebody stands: where `hint` says, among the first page, or among the first thousand.
 * Undefined while that isn't known, and for somebody farther down: the service has no question for it.
 */
export function useIndexOf(
  list: PeopleList,
  personId: string | undefined,
  people: People,
  hint: number | undefined,
): number | undefined {
  const total = people.totalCount ?? 0;
  const hinted = hint !== undefined && (people.at(hint)?.id ?? personId) === personId ? hint : undefined;
  const near = hinted ?? firstPage(people, total).indexOf(personId ?? "");
  const sought = personId !== undefined && near === -1 && total > PAGE;
  const { data } = useQuery({
    queryKey: ["ids", ...list.key],
    queryFn: ({ signal }) => list.ids(LOOKED_THROUGH, signal),
    enabled: sought,
  });
  if (personId === undefined) return undefined;
  const index = near === -1 ? (data?.indexOf(personId) ?? -1) : near;
  return index === -1 ? undefined : index;
}

function firstPage(people: People, total: number): string[] {
  const ids: string[] = [];
  for (let index = 0; index < Math.min(PAGE, total); index += 1) ids.push(people.at(index)?.id ?? "");
  return ids;
}
