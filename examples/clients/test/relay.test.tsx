// @vitest-environment happy-dom
import { Suspense } from "react";
import { createRoot } from "react-dom/client";
import { RelayEnvironmentProvider } from "react-relay";
import type { Client as Socket } from "graphql-ws";
import WebSocket from "ws";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { environment } from "../src/relay/environment";
import { onPublished } from "../src/relay/published";
import { Team } from "../src/relay/Team";
import { socket as open } from "../src/socket";
import { people, TOP } from "./company";
import { startOrgraph } from "./orgraph";

let orgraph: Awaited<ReturnType<typeof startOrgraph>>;
let socket: Socket;
beforeAll(async () => {
  orgraph = await startOrgraph("--cors-origins", "*");
  socket = open(orgraph.url, undefined, WebSocket);
});
afterAll(async () => {
  await socket?.dispose();
  await orgraph?.stop();
});

test("a list of reports grows page by page", async () => {
  const page = document.body.appendChild(document.createElement("main"));
  const root = createRoot(page);
  root.render(
    <RelayEnvironmentProvider environment={environment(orgraph.url, socket)}>
      <Suspense fallback="…"><Team manager={TOP.id} /></Suspense>
    </RelayEnvironmentProvider>,
  );
  const reports = people.filter((one) => one.managerId === TOP.id).length;
  const shows = (count: number) =>
    vi.waitFor(() => expect(page.querySelectorAll("li").length).toBe(count), { timeout: 30_000 });
  await shows(5);
  page.querySelector("button")?.click();
  await shows(reports);
  expect(page.querySelector("button")).toBeNull();
  root.unmount();
});

test("is told of snapshots", async () => {
  const users = await new Promise((resolve) => {
    const subscription = onPublished(environment(orgraph.url, socket), (users) => {
      resolve(users);
      queueMicrotask(() => subscription.dispose());
    });
  });
  expect(users).toBe(273);
});
