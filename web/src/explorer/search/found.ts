import { useEffect, useState } from "react";

import { graphql } from "../../gql";
import type { FindPeopleQuery } from "../../gql/graphql";
import type { Person } from "../list/people";
import { useAnswer } from "../service/answers";

/** How many are offered; whoever isn't among them is found by another word. */
const OFFERED = 8;
/** The most letters of a text that are searched for: the service takes no more. */
const LONGEST = 200;
/** How long somebody has to have stopped writing, in milliseconds. */
const PAUSE = 120;

export const FindPeople = graphql(`
  query FindPeople($text: String!, $id: ID!, $first: Int!) {
    byId: users(filter: { ids: [$id], kind: [PERSON, AVATAR] }, first: 1) {
      nodes {
        ...Card
      }
    }
    search(text: $text, first: $first, filter: { kind: [PERSON, AVATAR] }) {
      totalCount
      nodes {
        ...Card
      }
    }
  }
`);

export interface Found {
  people: Person[];
  totalCount: number | undefined;
  /** Whether what is shown is of another text than the one that is written now. */
  stale: boolean;
  fault: unknown;
}

/**
 * People by words, or one by the id. Answers are kept by their text, so that one that comes late is never shown for
 * another; the last one stays until the next is there.
 */
export function useFound(written: string): Found {
  const meant = textOf(written);
  const text = useSettled(meant);
  const answer = useAnswer(FindPeople, { text, id: text, first: OFFERED }, { enabled: text !== "", keep: true });
  const found = text === "" ? undefined : answer.data;
  return {
    ...(found ? together(found) : { people: [], totalCount: undefined }),
    stale: text !== meant || answer.isPlaceholderData || answer.isFetching,
    fault: text !== "" && !answer.data ? answer.failureReason : null,
  };
}

/** What is searched for where somebody has written this. */
export function textOf(written: string): string {
  return Array.from(written.trim()).slice(0, LONGEST).join("").trim();
}

/** Whoever has the id first, then those whom the words find, each once. */
export function together({ byId, search }: FindPeopleQuery): Pick<Found, "people" | "totalCount"> {
  const others = byId.nodes.filter(({ id }) => search.nodes.every((person) => person.id !== id));
  return { people: [...others, ...search.nodes], totalCount: others.length + search.totalCount };
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
