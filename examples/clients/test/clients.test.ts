import WebSocket from "ws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client as Socket } from "graphql-ws";
import { join } from "node:path";
import { gql } from "@apollo/client";

import { apollo } from "../src/apollo";
import { codeOf, remedy } from "../src/errors";
import { Line, Published, Team } from "../src/questions";
import { socket as open } from "../src/socket";
import { ask } from "../src/trusted";
import { urql } from "../src/urql";
import { below, PRODUCT_MANAGER, TOP } from "./company";
import { startOrgraph } from "./orgraph";

let orgraph: Awaited<ReturnType<typeof startOrgraph>>;
let socket: Socket;
beforeAll(async () => {
  orgraph = await startOrgraph();
  socket = open(orgraph.url, undefined, WebSocket);
});
afterAll(async () => {
  await socket?.dispose();
  await orgraph?.stop();
});

const everybody = below(TOP.id).map(({ id }) => id).sort();
const REFUSED = [
  ["{ users(first: -1) { totalCount } }", "BAD_USER_INPUT", "mend the query"],
  ["{ users(first: 1000) { nodes { reports(first: 1000) { nodes { id } } } } }", "QUERY_TOO_COMPLEX", "ask for less"],
] as const;

describe("Apollo Client", () => {
  test("asks with typed documents", async () => {
    const client = apollo(orgraph.url, socket);
    const { data } = await client.query({ query: Line, variables: { id: PRODUCT_MANAGER } });
    expect(data?.user?.managerChain.nodes.map(({ name }) => name)).toEqual(["Person 135", "Person 3", "Person 1"]);
  });

  test("reads all pages by their cursors", async () => {
    const client = apollo(orgraph.url, socket);
    const variables = { manager: TOP.id, first: 100 };
    const team = client.watchQuery({ query: Team, variables });
    let { data } = await client.query({ query: Team, variables });
    while (data?.reports?.pageInfo.hasNextPage) {
      await team.fetchMore({ variables: { after: data.reports.pageInfo.endCursor } });
      data = client.readQuery({ query: Team, variables }) ?? undefined;
    }
    expect(data?.reports?.edges.map(({ node }) => node.id).sort()).toEqual(everybody);
  });

  test("is told of snapshots", async () => {
    const client = apollo(orgraph.url, socket);
    const users = await new Promise((resolve, reject) => {
      client.subscribe({ query: Published }).subscribe({
        next: ({ data, error }) => (error ? reject(error) : resolve(data?.snapshotPublished.userCount)),
        error: reject,
      });
    });
    expect(users).toBe(273);
  });

  test("tells errors by their code", async () => {
    const client = apollo(orgraph.url, socket);
    for (const [query, code, what] of REFUSED) {
      const error = await client.query({ query: gql(query) }).catch((error: unknown) => error);
      expect([codeOf(error), remedy(error)]).toEqual([code, what]);
    }
  });
});

describe("urql", () => {
  test("asks with typed documents", async () => {
    const { data, error } = await urql(orgraph.url, socket).query(Line, { id: PRODUCT_MANAGER });
    expect(error).toBeUndefined();
    expect(data?.user?.managerChain.nodes.length).toBe(3);
  });

  test("reads all pages by their cursors", async () => {
    const client = urql(orgraph.url, socket);
    let { data } = await client.query(Team, { manager: TOP.id, first: 100 });
    while (data?.reports?.pageInfo.hasNextPage) {
      const after = data.reports.pageInfo.endCursor;
      ({ data } = await client.query(Team, { manager: TOP.id, first: 100, after }));
    }
    expect(data?.reports?.edges.map(({ node }) => node.id).sort()).toEqual(everybody);
  });

  test("is told of snapshots", async () => {
    const client = urql(orgraph.url, socket);
    const users = await new Promise((resolve) => {
      const { unsubscribe } = client.subscription(Published, {}).subscribe(({ data }) => {
        resolve(data?.snapshotPublished.userCount);
        queueMicrotask(() => unsubscribe());
      });
    });
    expect(users).toBe(273);
  });

  test("tells errors by their code", async () => {
    for (const [query, code, what] of REFUSED) {
      const { error } = await urql(orgraph.url, socket).query(query, {});
      expect([codeOf(error), remedy(error)]).toEqual([code, what]);
    }
  });
});

test("a service runs the documents that codegen has persisted, and no others", async () => {
  const documents = join(import.meta.dirname, "../src/gql");
  const strict = await startOrgraph("--documents-dir", documents, "--trusted-documents-only");
  try {
    const { user } = await ask(strict.url, Line, { id: PRODUCT_MANAGER });
    expect(user?.name).toBe("Person 100");
    const { error } = await urql(strict.url, socket).query("{ roots { totalCount } }", {});
    expect(codeOf(error)).toBe("FORBIDDEN");
  } finally {
    await strict.stop();
  }
});
