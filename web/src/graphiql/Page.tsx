import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { useEffect } from "react";

import { Colours } from "./colours.ts";
import { CopyLink } from "./CopyLink.tsx";
import { withKeyOfTab } from "./key.ts";
import { operationIn } from "./link.ts";
import { QUESTIONS } from "./QuestionsPlugin.tsx";
import { send } from "../send.ts";
import { named } from "./names.tsx";
import { keepsHeaders, keptHere, withoutHeaders } from "./storage.ts";
import { useOpenTab } from "./tab.ts";
import { TabRoles } from "./tabs.ts";

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

const fetcher = withKeyOfTab(
  createGraphiQLFetcher({
    url: "/graphql",
    fetch: send,
    // The headers of the page are what its connections begin with: a browser gives sockets none.
    subscriptionUrl: socket.href,
    enableIncrementalDelivery: false,
  }),
);

// GraphiQL knows the history by the object that it is.
const past = Object.assign(HISTORY_PLUGIN, named(HISTORY_PLUGIN));
const plugins = [past, named(explorerPlugin({ showAttribution: false })), QUESTIONS];
const kept = keptHere();
const storage = withoutHeaders(kept);
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
      shouldPersistHeaders={keepsHeaders(kept)}
      showPersistHeadersSettings
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <a href="/" className="home">
          orgraph
        </a>
        <a href="/export/v1" className="home" title="The company as tables, for spreadsheets and databases">
          tables
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
            <Colours />
            <TabRoles />
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
