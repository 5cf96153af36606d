import { useEffect, useSyncExternalStore } from "react";

import type { TypedDocumentString } from "../../gql/graphql";

/** A query that GraphiQL can be opened with. */
export interface Question {
  query: string;
  variables: unknown;
}

/** The one behind the view that is open. */
let question: Question | undefined;
let listeners: Array<() => void> = [];

/** A document with its variables. */
export function asked<Answer, Variables>(
  document: TypedDocumentString<Answer, Variables>,
  variables: Variables,
): Question {
  return { query: document.toString().trim(), variables };
}

/** Says what query is behind this view, for as long as it is shown. */
export function useQuestion({ query, variables }: Question): void {
  const written = JSON.stringify(variables);
  useEffect(() => {
    const mine = { query, variables: JSON.parse(written) as unknown };
    tell(mine);
    return () => {
      if (question === mine) tell(undefined);
    };
  }, [query, written]);
}

/** The address of GraphiQL with the query of the open view in it, behind the `#`, which isn't sent to the service. */
export function useGraphiqlLink(): string {
  const now = useSyncExternalStore(subscribe, () => question);
  return now ? graphiqlLink(now) : "/graphiql";
}

export function graphiqlLink({ query, variables }: Question): string {
  const written = encodeURIComponent(JSON.stringify(variables, null, 2));
  return `/graphiql#query=${encodeURIComponent(query)}&variables=${written}`;
}

function tell(next: Question | undefined): void {
  question = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners = [...listeners, listener];
  return () => {
    listeners = listeners.filter((other) => other !== listener);
  };
}
