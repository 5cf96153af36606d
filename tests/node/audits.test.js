// graphql-http's audits of GraphQL over HTTP against the real binary: every one has to be met, those that may be
// left out too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { serverAudits } from "graphql-http";

import { startOrgraph } from "./process.js";

/** As many as graphql-http 1.23.1 has; another number is another suite. */
const AUDITS = 61;

let orgraph;

before(async () => (orgraph = await startOrgraph()));
after(() => orgraph.stop());

test("every audit is met", async () => {
  const results = [];
  for (const audit of serverAudits({ url: () => orgraph.url })) results.push(await audit.fn());
  const missed = results.filter(({ status }) => status !== "ok");
  for (const { id, name, status, reason } of missed) console.log(`${status}: ${id} ${name}: ${reason}`);
  console.log(`audits met: ${results.length - missed.length} of ${results.length}`);
  assert.equal(results.length, AUDITS);
  assert.deepEqual(missed.map(({ id }) => id), []);
});
