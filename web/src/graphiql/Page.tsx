import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { useEffect } from "react";

import { CopyLink } from "./CopyLink.tsx";
import { operationIn } from "./link.ts";
import { QUESTIONS } from "./QuestionsPlugin.tsx";
import { send } from "../send.ts";
import { keepsHeaders, withoutHeaders } from "./storage.ts";
import { useOpenTab } from "./tab.ts";

const EXAMPLE = `# Where walks down the company begin, and whose line to the top is broken.
# More to ask: Questions, on the left. Ctrl-Enter runs what is here.
query Beginnings {
  roots {
    nodes { id name title reportCount(transitive: true) }
  }
  orphans(first: 5) {
    totalCount
    edges { reason node { id name title managerId } }
  }
}
`;

const socket = new URL("/graphql", location.href);
socket.protocol = socket.protocol.replace("http", "ws");

const fetcher = createGraphiQLFetcher({
  url: "/graphql",
  fetch: send,
  // The headers of the page are what its connections begin with: a browser gives sockets none.
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: false,
});

const plugins = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false }), QUESTIONS];
const storage = withoutHeaders(localStorage);
const brought = takeLink();

export function Page() {
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      storage={storage}
      defaultQuery={EXAMPLE}
      initialQuery={brought?.query}
      initialVariables={brought && (brought.variables ?? "")}
      shouldPersistHeaders={keepsHeaders(localStorage)}
      showPersistHeadersSettings
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <a href="/" className="home">
          orgraph
        </a>
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, copy, merge }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <CopyLink />
            <Links />
          </>
        )}
      </GraphiQL.Toolbar>
    </GraphiQL>
  );
}

/** Opens what a link brings to a page that is open already. */
function Links() {
  const open = useOpenTab();
  useEffect(() => {
    const follow = () => {
      const operation = takeLink();
      if (operation) open(operation);
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [open]);
  return null;
}

/** The operation of the address, which is taken out of it: it is a tab from now on, and one is enough. */
function takeLink() {
  const operation = operationIn(location.hash);
  if (operation) history.replaceState(null, "", location.pathname);
  return operation;
}
