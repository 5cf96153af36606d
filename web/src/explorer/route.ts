import { useSyncExternalStore } from "react";

import type { IssueKind, OrphanReason } from "../gql/graphql";

/** What is shown. An address is behind the `#`, so that nobody's id is sent anywhere by following or reloading one. */
export type Route =
  | { view: "chart"; personId?: string; reason?: OrphanReason }
  | { view: "person"; personId: string }
  | { view: "health"; kind?: IssueKind }
  | { view: "move"; personId: string; managerId?: string | null }
  | { view: "unknown" };

export const ORPHAN_REASONS: readonly OrphanReason[] = [
  "MANAGER_NOT_FOUND",
  "MANAGER_IS_SELF",
  "MANAGEMENT_CYCLE",
  "MANAGER_INACTIVE",
  "NO_MANAGER",
];

export const ISSUE_KINDS: readonly IssueKind[] = [
  "DANGLING_MANAGER",
  "SELF_MANAGED",
  "CYCLE",
  "INACTIVE_MANAGER",
  "ISOLATED",
  "MULTIPLE_ROOTS",
  "DUPLICATE_EMAIL",
  "DUPLICATE_ID",
  "EXTREME_SPAN",
  "DEEP_CHAIN",
  "AVATAR_MANAGER",
];

/** The route of an address: what follows the `#`, with or without it. */
export function routeOf(hash: string): Route {
  const parts = decoded(hash.replace(/^#?\/?/, ""));
  if (parts === undefined) return { view: "unknown" };
  const [view, id, way, to] = parts;
  switch (parts.length) {
    case 0:
      return { view: "chart" };
    case 1:
      if (view === "health") return { view: "health" };
      break;
    case 2:
      if (view === "chart" && id) return { view: "chart", personId: id };
      if (view === "people" && id) return { view: "person", personId: id };
      if (view === "move" && id) return { view: "move", personId: id };
      if (view === "health") return known("health", ISSUE_KINDS, id);
      break;
    case 3:
      if (view === "chart" && id === "orphans") return known("chart", ORPHAN_REASONS, way);
      if (view === "move" && id && way === "to-the-top") return { view: "move", personId: id, managerId: null };
      break;
    case 4:
      if (view === "move" && id && way === "to" && to) return { view: "move", personId: id, managerId: to };
  }
  return { view: "unknown" };
}

/** The address of a route. */
export function addressOf(route: Route): string {
  switch (route.view) {
    case "chart":
      if (route.personId) return `#/chart/${encodeURIComponent(route.personId)}`;
      return route.reason ? `#/chart/orphans/${route.reason}` : "#/";
    case "person":
      return `#/people/${encodeURIComponent(route.personId)}`;
    case "health":
      return route.kind ? `#/health/${route.kind}` : "#/health";
    case "move": {
      const move = `#/move/${encodeURIComponent(route.personId)}`;
      if (route.managerId === undefined) return move;
      return route.managerId === null ? `${move}/to-the-top` : `${move}/to/${encodeURIComponent(route.managerId)}`;
    }
    case "unknown":
      return "#/";
  }
}

export function go(route: Route): void {
  location.hash = addressOf(route);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(onHash, () => location.hash);
  return routeOf(hash);
}

function onHash(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

function decoded(path: string): string[] | undefined {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function known(view: "health", list: readonly IssueKind[], word?: string): Route;
function known(view: "chart", list: readonly OrphanReason[], word?: string): Route;
function known(view: "health" | "chart", list: readonly string[], word?: string): Route {
  if (word === undefined || !list.includes(word)) return { view: "unknown" };
  return view === "health" ? { view, kind: word as IssueKind } : { view, reason: word as OrphanReason };
}
