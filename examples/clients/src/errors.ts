// What went wrong, by code: the closed list of README.md, of which the message is for people.
import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { CombinedError } from "@urql/core";

/** What a frontend does about an error. */
export type Remedy = "sign in" | "ask for less" | "come again" | "mend the query" | "tell somebody";

const REMEDIES: Record<string, Remedy> = {
  UNAUTHENTICATED: "sign in",
  FORBIDDEN: "sign in",
  QUERY_TOO_COMPLEX: "ask for less",
  THROTTLED: "come again",
  NOT_READY: "come again",
  UPSTREAM_UNAVAILABLE: "come again",
  BAD_USER_INPUT: "mend the query",
  GRAPHQL_PARSE_FAILED: "mend the query",
  GRAPHQL_VALIDATION_FAILED: "mend the query",
  AMBIGUOUS_EMAIL: "mend the query",
};

/** The code of the first error, whichever client it comes from. */
export function codeOf(error: unknown): string | undefined {
  const errors =
    error instanceof CombinedError ? error.graphQLErrors
    : CombinedGraphQLErrors.is(error) ? error.errors
    : [];
  const code = errors[0]?.extensions?.code;
  return typeof code === "string" ? code : undefined;
}

/** What to do. An error without a code is no answer of orgraph's: the network, or a proxy in between. */
export function remedy(error: unknown): Remedy {
  const code = codeOf(error);
  return code === undefined ? "come again" : (REMEDIES[code] ?? "tell somebody");
}
