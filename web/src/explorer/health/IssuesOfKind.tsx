import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { graphql } from "../../gql";
import type { IssueKind } from "../../gql/graphql";
import { ask } from "../service/ask";
import { Faulty } from "../shell/Faulty";
import { count, ISSUES } from "../words";
import { IssueList } from "./IssueList";

const PAGE = 20;

export const Issues = graphql(`
  query Issues($kinds: [IssueKind!], $first: Int!, $after: String) {
    orgHealth(kinds: $kinds, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...IssueText
      }
    }
  }
`);

export const issuesOf = (kind: IssueKind) => ({ kinds: [kind], first: PAGE });

/** The issues of one kind, the worst first, as many as somebody wants to see. */
export function IssuesOfKind({ kind }: { kind: IssueKind }): ReactElement {
  const variables = issuesOf(kind);
  const pages = useInfiniteQuery({
    queryKey: ["issues", kind],
    queryFn: ({ pageParam, signal }) => ask(Issues, { ...variables, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ orgHealth: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const shown = pages.data?.pages.flatMap(({ orgHealth }) => orgHealth.nodes) ?? [];
  const total = pages.data?.pages.at(-1)?.orgHealth.totalCount ?? 0;
  return (
    <section>
      <h2>
        {ISSUES[kind]} <span className="quiet">{count(total)}</span>
      </h2>
      {!pages.data && <Faulty fault={pages.failureReason} />}
      <IssueList issues={shown} />
      {pages.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          Show more, {count(total - shown.length)} left
        </button>
      )}
    </section>
  );
}
