// The clients that frontends use, against the real binary: variables, errors by their code, pages by their cursor,
// and persisted queries, registered by one and found by the next.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { relayStylePagination } from "@apollo/client/utilities";
import { Client, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { ClientError, GraphQLClient } from "graphql-request";

import { above, below, byAddress, nameOf } from "./company.js";
import { startOrgraph } from "./process.js";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const [engineer] = byAddress("p100@example.org");
const top = above(engineer).at(-1);

const LINE = /* GraphQL */ `
  query Line($id: ID!) {
    user(id: $id) { id name managerChain { nodes { id } } }
  }
`;
const PAGE = /* GraphQL */ `
  query Page($manager: ID!, $first: Int, $after: String) {
    reports(managerId: $manager, transitive: true, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { id } }
    }
  }
`;
/** What is refused, and how. */
const REFUSALS = [
  [`query { users(first: -1) { totalCount } }`, "BAD_USER_INPUT"],
  [`query { nobody { id } }`, "GRAPHQL_VALIDATION_FAILED"],
  [`query { users(first: 1000) { nodes { reports(first: 1000) { nodes { id } } } } }`, "QUERY_TOO_COMPLEX"],
];
const right = { id: engineer.id, name: nameOf(engineer), managerChain: above(engineer).map(({ id }) => id) };
const everybody = below(top).map(({ id }) => id).sort();

let orgraph;
before(async () => {
  orgraph = await startOrgraph();
});
after(() => orgraph?.stop());

/** `fetch`, and what went through it. */
function recorded() {
  const requests = [];
  const through = async (input, init = {}) => {
    const response = await fetch(input, init);
    const url = new URL(input);
    const body = init.body ? JSON.parse(init.body) : Object.fromEntries(url.searchParams);
    requests.push({ method: init.method ?? "GET", hasQuery: Boolean(body.query), status: response.status });
    return response;
  };
  return { requests, fetch: through };
}

const told = ({ user }) => ({ id: user.id, name: user.name, managerChain: user.managerChain.nodes.map(({ id }) => id) });

/** A query that no other test persists. */
const named = (name) => LINE.replace("query Line", `query ${name}`);

function apollo({ link, ...options } = {}) {
  const record = recorded();
  const http = new HttpLink({ uri: orgraph.url, fetch: record.fetch, ...options });
  const cache = new InMemoryCache({
    typePolicies: { Query: { fields: { reports: relayStylePagination(["managerId", "transitive"]) } } },
  });
  return { ...record, client: new ApolloClient({ link: link ? link.concat(http) : http, cache }) };
}

const persisting = (options) => new PersistedQueryLink({ sha256, ...options });

test("Apollo Client asks with variables", async () => {
  for (const options of [{}, { useGETForQueries: true }]) {
    const { client, requests } = apollo(options);
    const { data } = await client.query({ query: gql(LINE), variables: { id: engineer.id } });
    assert.deepEqual(told(data), right);
    assert.deepEqual(requests.map(({ method, status }) => [method, status]), [[options.useGETForQueries ? "GET" : "POST", 200]]);
  }
});

test("Apollo Client registers a query and the next one finds it", async () => {
  for (const [name, useGETForHashedQueries, method] of [["ByPost", false, "POST"], ["ByGet", true, "GET"]]) {
    const query = { query: gql(named(name)), variables: { id: engineer.id } };
    const first = apollo({ link: persisting({ useGETForHashedQueries }) });
    assert.deepEqual(told((await first.client.query(query)).data), right);
    assert.deepEqual(first.requests.map(({ hasQuery }) => hasQuery), [false, true], "unknown, then registered");
    assert.equal(first.requests[0].method, method);
    const second = apollo({ link: persisting({ useGETForHashedQueries }) });
    assert.deepEqual(told((await second.client.query(query)).data), right);
    assert.deepEqual(second.requests, [{ method, hasQuery: false, status: 200 }], "found by its hash alone");
  }
});

test("Apollo Client tells errors by their code", async () => {
  for (const link of [undefined, persisting()]) {
    const { client } = apollo({ link });
    for (const [query, code] of REFUSALS) {
      await assert.rejects(client.query({ query: gql(query) }), (error) => {
        assert.ok(CombinedGraphQLErrors.is(error), String(error));
        assert.equal(error.errors[0].extensions.code, code);
        assert.ok(error.errors[0].extensions.requestId);
        return true;
      });
    }
  }
});

test("Apollo Client fetches more until there is no more", async () => {
  const { client, requests } = apollo();
  const asked = { query: gql(PAGE), variables: { manager: top.id, first: 50 } };
  const query = client.watchQuery(asked);
  let { data } = await client.query(asked);
  while (data.reports.pageInfo.hasNextPage) {
    await query.fetchMore({ variables: { after: data.reports.pageInfo.endCursor } });
    ({ data } = query.getCurrentResult());
  }
  assert.deepEqual(data.reports.edges.map(({ node }) => node.id).sort(), everybody);
  assert.equal(requests.length, Math.ceil(everybody.length / 50));
});

function urql(options = {}, exchanges = []) {
  const record = recorded();
  const client = new Client({
    url: orgraph.url,
    fetch: record.fetch,
    exchanges: [...exchanges, fetchExchange],
    preferGetMethod: false,
    ...options,
  });
  return { ...record, client };
}

test("urql asks with variables", async () => {
  for (const [preferGetMethod, method] of [[false, "POST"], ["force", "GET"]]) {
    const { client, requests } = urql({ preferGetMethod });
    const { data, error } = await client.query(LINE, { id: engineer.id });
    assert.equal(error, undefined);
    assert.deepEqual(told(data), right);
    assert.deepEqual(requests, [{ method, hasQuery: true, status: 200 }]);
  }
});

test("urql registers a query and the next one finds it", async () => {
  for (const [name, preferGetForPersistedQueries, method] of [["UrqlPost", false, "POST"], ["UrqlGet", "force", "GET"]]) {
    const exchange = () => persistedExchange({ preferGetForPersistedQueries });
    const first = urql({}, [exchange()]);
    const registered = await first.client.query(named(name), { id: engineer.id });
    assert.equal(registered.error, undefined);
    assert.deepEqual(told(registered.data), right);
    assert.deepEqual(first.requests.map(({ hasQuery }) => hasQuery), [false, true], "unknown, then registered");
    const second = urql({}, [exchange()]);
    const found = await second.client.query(named(name), { id: engineer.id });
    assert.deepEqual(told(found.data), right);
    assert.deepEqual(second.requests, [{ method, hasQuery: false, status: 200 }], "found by its hash alone");
  }
});

test("urql tells errors by their code", async () => {
  const { client } = urql();
  for (const [query, code] of REFUSALS) {
    const { error } = await client.query(query, {});
    assert.equal(error.networkError, undefined);
    assert.equal(error.graphQLErrors[0].extensions.code, code);
  }
});

test("graphql-request asks with variables", async () => {
  for (const method of ["POST", "GET"]) {
    const { requests, fetch } = recorded();
    const client = new GraphQLClient(orgraph.url, { fetch, method });
    assert.deepEqual(told(await client.request(LINE, { id: engineer.id })), right);
    assert.deepEqual(requests, [{ method, hasQuery: true, status: 200 }]);
  }
});

test("graphql-request tells errors by their code", async () => {
  const client = new GraphQLClient(orgraph.url);
  for (const [query, code] of REFUSALS) {
    await assert.rejects(client.request(query), (error) => {
      assert.ok(error instanceof ClientError, String(error));
      assert.equal(error.response.errors[0].extensions.code, code);
      return true;
    });
  }
});

test("urql and graphql-request come to the last page by its cursor", async () => {
  const ask = {
    urql: async (variables) => (await urql().client.query(PAGE, variables)).data,
    "graphql-request": (variables) => new GraphQLClient(orgraph.url).request(PAGE, variables),
  };
  for (const [name, page] of Object.entries(ask)) {
    const found = [];
    for (let after = null; ; ) {
      const { reports } = await page({ manager: top.id, first: 50, after });
      assert.equal(reports.totalCount, everybody.length, name);
      found.push(...reports.edges.map(({ node }) => node.id));
      if (!reports.pageInfo.hasNextPage) break;
      after = reports.pageInfo.endCursor;
    }
    assert.deepEqual(found.sort(), everybody, name);
  }
});
