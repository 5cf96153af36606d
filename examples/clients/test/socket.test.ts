import { afterEach, beforeEach, expect, test } from "vitest";
import type { AddressInfo } from "node:net";
import WebSocket, { WebSocketServer } from "ws";

import { socket } from "../src/socket";

let server: WebSocketServer;
let url: string;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "graphql-transport-ws" });
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

/** Closes the first connection with this code; answers the second one. What becomes of a subscription, and the connections. */
async function afterClose(code: number): Promise<[told: "answered" | "refused", connections: number]> {
  let connections = 0;
  server.on("connection", (connection) => {
    connections += 1;
    const isFirst = connections === 1;
    connection.on("message", (text) => {
      const { type, id } = JSON.parse(String(text)) as { type: string; id?: string };
      if (isFirst) connection.close(code);
      else if (type === "connection_init") connection.send(JSON.stringify({ type: "connection_ack" }));
      else if (type === "subscribe") connection.send(JSON.stringify({ id, type: "next", payload: { data: {} } }));
    });
  });
  const client = socket(url, undefined, WebSocket);
  const told = await new Promise<"answered" | "refused">((resolve) => {
    client.subscribe(
      { query: "subscription { snapshotPublished { version } }" },
      { next: () => resolve("answered"), error: () => resolve("refused"), complete: () => {} },
    );
  });
  await client.dispose();
  return [told, connections];
}

test.each([1001, 1012, 1013, 4408])("a socket that is closed with %i comes again", async (code) => {
  expect(await afterClose(code)).toEqual(["answered", 2]);
});

test.each([4400, 4401, 4403, 4406, 4409, 4429])("one that is refused with %i doesn't", async (code) => {
  expect(await afterClose(code)).toEqual(["refused", 1]);
});
