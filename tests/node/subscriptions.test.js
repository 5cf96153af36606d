// The two clients that most people use, against the running binary.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createClient as createSocketClient } from "graphql-ws";
import { createClient as createEventsClient } from "graphql-sse";
import WebSocket from "ws";

import { startOrgraph } from "./process.js";

let orgraph;
let socketUrl;

before(async () => {
  orgraph = await startOrgraph();
  socketUrl = orgraph.url.replace("http", "ws");
});
after(() => orgraph.stop());

const PUBLISHED = "subscription { snapshotPublished { version userCount } }";

/** The first event of a subscription, which is then ended. */
async function first(client, query) {
  for await (const event of client.iterate({ query })) return event;
  throw new Error("no event");
}

/** The code and reason that a socket is closed with, after it has sent these messages. */
function closed(messages, protocol = "graphql-transport-ws", options = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(socketUrl, protocol, options);
    socket.on("open", () => messages.forEach((message) => socket.send(message)));
    socket.on("close", (code, reason) => resolve([code, reason.toString()]));
    socket.on("error", reject);
  });
}

const INIT = JSON.stringify({ type: "connection_init" });
const subscribe = (id) => JSON.stringify({ id, type: "subscribe", payload: { query: PUBLISHED } });

test("graphql-ws subscribes, queries and is told errors", async () => {
  const client = createSocketClient({ url: socketUrl, webSocketImpl: WebSocket });
  try {
    const event = await first(client, PUBLISHED);
    assert.equal(event.errors, undefined);
    assert.equal(event.data.snapshotPublished.userCount, 273);
    assert.equal(event.extensions.snapshot.version, event.data.snapshotPublished.version);
    const status = await first(client, "subscription { syncStatusChanged { state } }");
    assert.equal(status.data.syncStatusChanged.state, "IDLE");
    const answers = [];
    for await (const answer of client.iterate({ query: "{ snapshot { userCount } }" })) answers.push(answer.data);
    assert.deepEqual(answers, [{ snapshot: { userCount: 273 } }]);
    await assert.rejects(first(client, "subscription { nothing }"), (errors) => {
      assert.equal(errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
      return true;
    });
  } finally {
    await client.dispose();
  }
});

test("graphql-sse subscribes, queries and is told errors", async () => {
  const client = createEventsClient({ url: orgraph.url, retryAttempts: 0 });
  try {
    const event = await first(client, PUBLISHED);
    assert.equal(event.data.snapshotPublished.userCount, 273);
    const answers = [];
    for await (const answer of client.iterate({ query: "{ snapshot { userCount } }" })) answers.push(answer.data);
    assert.deepEqual(answers, [{ snapshot: { userCount: 273 } }]);
    const wrong = await first(client, "subscription { nothing }");
    assert.equal(wrong.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
  } finally {
    client.dispose();
  }
});

test("each code that a client can provoke", async () => {
  assert.deepEqual(await closed(["no message"]), [4400, "Invalid message: not a JSON object"]);
  assert.deepEqual(await closed([Buffer.from([1])]), [4400, "Invalid message: binary"]);
  assert.deepEqual(await closed([subscribe("1")]), [4401, "Unauthorized"]);
  assert.deepEqual(await closed([], "graphql-ws"), [4406, "Subprotocol not acceptable"]);
  assert.deepEqual(await closed([], []), [4406, "Subprotocol not acceptable"]);
  assert.deepEqual(await closed([]), [4408, "Connection initialisation timeout"]);
  assert.deepEqual(await closed([INIT, subscribe("a"), subscribe("a")]), [4409, "Subscriber for a already exists"]);
  assert.deepEqual(await closed([INIT, INIT]), [4429, "Too many initialisation requests"]);
  assert.equal((await closed([" ".repeat(200_000)]))[0], 1009);
});

test("a page of another origin opens nothing", async () => {
  const headers = { origin: "https://evil.example" };
  await assert.rejects(closed([], "graphql-transport-ws", { headers }), /403/);
});

test("a service that ends says so, and a client comes again", async () => {
  const other = await startOrgraph();
  const codes = new Promise((resolve) => {
    const socket = new WebSocket(other.url.replace("http", "ws"), "graphql-transport-ws");
    socket.on("open", () => socket.send(INIT));
    socket.on("message", () => other.stop());
    socket.on("close", (code, reason) => resolve([code, reason.toString()]));
  });
  assert.deepEqual(await codes, [1001, "Going away"]);
});
