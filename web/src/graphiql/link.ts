/** What a link to this page brings along. */
export interface Operation {
  query: string;
  /** As JSON. */
  variables?: string;
}

/**
 * The address of GraphiQL with an operation in it, after the `#`: that part never leaves the browser, so that the people
 * whom a query names stand in nobody's log.
 */
export function linkTo({ query, variables }: Operation): string {
  const parts = new URLSearchParams({ query });
  if (variables?.trim()) parts.set("variables", variables);
  // `%20` is read by whatever takes addresses apart; `+` isn't.
  return `/graphiql#${parts.toString().replaceAll("+", "%20")}`;
}

/** The operation that stands behind the `#` of an address, if one does. */
export function operationIn(hash: string): Operation | undefined {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const query = parts.get("query");
  if (!query?.trim()) return undefined;
  const variables = parts.get("variables");
  return variables?.trim() ? { query, variables } : { query };
}
