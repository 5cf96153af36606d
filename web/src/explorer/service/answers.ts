import { keepPreviousData, QueryClient, useQuery, type UseQueryResult } from "@tanstack/react-query";

import type { TypedDocumentString } from "../../gql/graphql";
import { ask } from "./ask";
import { pauseBefore } from "./fault";
import { onKey } from "../../key";
import { onNewSnapshot, onReached } from "./live";

/**
 * The page's cache. An answer is good until another snapshot is served: then what is shown is asked for again and stays
 * where it is until the new answer is there.
 */
export const answers = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 120_000,
      refetchOnWindowFocus: false,
      // The pages know better than the browser whether the service, often on this machine, can be reached.
      networkMode: "always",
      retry: (attempt, fault) => pauseBefore(fault, attempt, 0) !== undefined,
      retryDelay: (attempt, fault) => pauseBefore(fault, attempt, Math.random()) ?? 0,
    },
  },
});

onNewSnapshot(() => void answers.invalidateQueries());
onKey(() => void answers.resetQueries());
onReached(askAgainNow);

/** Asks again at once what has failed and waits to be asked again, which may be half a minute from now. */
function askAgainNow(): void {
  for (const query of answers.getQueryCache().getAll()) {
    const { fetchStatus, fetchFailureCount, fetchMeta: meta } = query.state;
    if (fetchStatus === "idle" || fetchFailureCount === 0) continue;
    void query.cancel({ silent: true });
    // Whoever awaits the answer gets that of this one, or its fault.
    query.fetch(undefined, { meta: meta ?? undefined }).catch(() => {});
  }
}

/** The key of an answer in the cache. */
export function keyOf<Answer, Variables>(document: TypedDocumentString<Answer, Variables>, variables: Variables) {
  return [document.toString(), variables] as const;
}

/** Asks while the component is there. With `keep` the last answer stays while another question's is awaited. */
export function useAnswer<Answer, Variables>(
  document: TypedDocumentString<Answer, Variables>,
  variables: Variables,
  options: { enabled?: boolean; keep?: boolean } = {},
): UseQueryResult<Answer> {
  return useQuery({
    queryKey: keyOf(document, variables),
    queryFn: ({ signal }) => ask(document, variables, signal),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  }) as UseQueryResult<Answer>;
}
