// Automatic persisted queries as Apollo Client and urql do them, against the real binary.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { Client, fetchExchange, gql as urqlGql } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";

import { startOrgraph } from "./process.js";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

let orgraph;

before(async () => (orgraph = await startOrgraph()));
after(() => orgraph.stop());

/** A fetch that tells what was sent, and with which status it was answered. */
function watched() {
  const sent = [];
  const fetcher = async (url, options) => {
    const response = await fetch(url, options);
    const asked = options.body ? JSON.parse(options.body) : Object.fromEntries(new URL(url).searchParams);
    sent.push({ method: options.method, text: Boolean(asked.query), status: response.status });
    return response;
  };
  return { sent, fetcher };
}

for (const useGETForHashedQueries of [false, true]) {
  test(`Apollo Client sends the text once, hashes by ${useGETForHashedQueries ? "GET" : "POST"}`, async () => {
    const { sent, fetcher } = watched();
    const link = new PersistedQueryLink({ sha256, useGETForHashedQueries });
    const client = new ApolloClient({
      link: ApolloLink.from([link, new HttpLink({ uri: orgraph.url, fetch: fetcher })]),
      cache: new InMemoryCache(),
    });
    const query = gql`query Apollo${useGETForHashedQueries ? "Get" : "Post"} { roots { totalCount } }`;
    for (const _ of [1, 2]) {
      const { data, error } = await client.query({ query, fetchPolicy: "no-cache" });
      assert.equal(error, undefined);
      assert.equal(typeof data.roots.totalCount, "number");
    }
    assert.deepEqual(sent.map(({ text }) => text), [false, true, false], JSON.stringify(sent));
    assert.equal(sent.at(-1).method, useGETForHashedQueries ? "GET" : "POST");
    assert.equal(sent.at(-1).status, 200);
  });
}

test("urql sends the text once", async () => {
  const { sent, fetcher } = watched();
  const client = new Client({
    url: orgraph.url,
    fetch: fetcher,
    preferGetMethod: false,
    exchanges: [
      persistedExchange({ preferGetForPersistedQueries: true, generateHash: async (text) => sha256(text) }),
      fetchExchange,
    ],
  });
  const query = urqlGql`query Urql { roots { totalCount } }`;
  for (const _ of [1, 2]) {
    const { data, error } = await client.query(query, {}, { requestPolicy: "network-only" }).toPromise();
    assert.equal(error, undefined);
    assert.equal(typeof data.roots.totalCount, "number");
  }
  assert.deepEqual(sent.map(({ text }) => text), [false, true, false], JSON.stringify(sent));
});
