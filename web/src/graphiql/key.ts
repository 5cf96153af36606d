import type { Fetcher } from "@graphiql/toolkit";

import { authorization } from "../key.ts";

/**
 * Asks with the key that the explorer was given in this tab, unless the user has written another credential. The key
 * stands in no editor, so that nothing that GraphiQL keeps has it.
 */
export function withKeyOfTab(fetcher: Fetcher): Fetcher {
  return (parameters, options) => fetcher(parameters, { ...options, headers: credited(options?.headers) });
}

/** These headers, and the key of the tab if none of them is a credential. */
export function credited(headers: Record<string, unknown> = {}): Record<string, unknown> {
  const given = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  return given ? headers : { ...headers, ...authorization() };
}
