import { ToolbarButton, useGraphiQL } from "@graphiql/react";
import { useState } from "react";

import { linkTo } from "./link.ts";

/** Copies an address that opens this page with the query that is shown, and its variables. */
export function CopyLink() {
  const query = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  const [told, setTold] = useState("");
  const copy = async () => {
    const link = new URL(linkTo({ query: query?.getValue() ?? "", variables: variables?.getValue() }), location.href);
    try {
      await navigator.clipboard.writeText(link.href);
      setTold("Link copied");
    } catch {
      // A page that came over plain HTTP from elsewhere has no clipboard. The address bar is one.
      history.replaceState(null, "", link);
      setTold("The link is in the address bar");
    }
  };
  return (
    <>
      <ToolbarButton label="Copy link to this query" onClick={() => void copy()}>
        <svg
          className="graphiql-toolbar-icon"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          aria-hidden="true"
        >
          <path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1" />
          <path d="M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1" />
        </svg>
      </ToolbarButton>
      <span className="told" role="status">
        {told}
      </span>
    </>
  );
}
