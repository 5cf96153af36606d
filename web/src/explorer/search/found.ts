import { useEffect, useState } from "react";

import { graphql } from "../../gql";
import type { Person } from "../list/people";
import { useAnswer } from "../service/answers";

/** How many are offered; whoever isn't among them is found by another word. */
const OFFERED = 8;
/** How long somebody has to have stopped writing, in milliseconds. */
const PAUSE = 120;

export const FindPeople = graphql(`
  query FindPeople($text: String!, $first: Int!) {
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
 * People by words. Answers are kept by their text, so that one that comes late is never shown for another; the last one
 * stays until the next is there.
 */
export function useFound(written: string): Found {
  const text = useSettled(written.trim().slice(0, 200));
  const answer = useAnswer(FindPeople, { text, first: OFFERED }, { enabled: text !== "", keep: true });
  const found = text === "" ? undefined : answer.data?.search;
  return {
    people: found?.nodes ?? [],
    totalCount: found?.totalCount,
    stale: text !== written.trim() || answer.isPlaceholderData || answer.isFetching,
    fault: text !== "" && !answer.data ? answer.failureReason : null,
  };
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
