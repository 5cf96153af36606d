import { graphql } from "../../gql";
import type { CardFragment, OrphanReason, UserFilter } from "../../gql/graphql";
import { ask } from "../service/ask";
import type { Hop, Landing } from "./ladder";

/** What a card shows of a person. Counts are of persons; avatars are in lists and not in counts. */
export const Card = graphql(`
  fragment Card on User {
    id
    name
    title
    active
    kind
    managerId
    orphanReason
    reportCount
    everybodyBelow: reportCount(transitive: true)
  }
`);

export type Person = CardFragment;

export const Reports = graphql(`
  query Reports($managerId: ID!, $filter: UserFilter, $first: Int!, $after: String) {
    reports(managerId: $managerId, filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo {
        endCursor
      }
      nodes {
        ...Card
      }
    }
  }
`);

const ReportsHop = graphql(`
  query ReportsHop($managerId: ID!, $filter: UserFilter, $first: Int, $after: String, $last: Int, $before: String) {
    reports(managerId: $managerId, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        startCursor
        endCursor
      }
    }
  }
`);

export const Tops = graphql(`
  query Tops($filter: UserFilter!, $first: Int!, $after: String) {
    users(filter: $filter, orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }, first: $first, after: $after) {
      totalCount
      pageInfo {
        endCursor
      }
      nodes {
        ...Card
      }
    }
  }
`);

const TopsHop = graphql(`
  query TopsHop($filter: UserFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    users(
      filter: $filter
      orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }
      first: $first
      after: $after
      last: $last
      before: $before
    ) {
      totalCount
      pageInfo {
        startCursor
        endCursor
      }
    }
  }
`);

const ReportIds = graphql(`
  query ReportIds($managerId: ID!, $filter: UserFilter, $first: Int!) {
    reports(managerId: $managerId, filter: $filter, first: $first) {
      nodes {
        id
      }
    }
  }
`);

const TopIds = graphql(`
  query TopIds($filter: UserFilter!, $first: Int!) {
    users(filter: $filter, orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }, first: $first) {
      nodes {
        id
      }
    }
  }
`);

export interface Page {
  people: Person[];
  totalCount: number;
  endCursor: string | null;
}

/** A list of people of any length: its pages, and the hops between them. */
export interface PeopleList {
  /** Names the list in the cache. */
  key: readonly unknown[];
  page(first: number, after: string | null, signal?: AbortSignal): Promise<Page>;
  hop(hop: Hop, signal?: AbortSignal): Promise<Landing>;
  /** The ids of the first so many, in the order of the list. */
  ids(first: number, signal?: AbortSignal): Promise<string[]>;
}

// Whoever reports to one of Gong's avatars, or is one, has a place in the chart like everybody.
const EVERYBODY: UserFilter = { kind: ["PERSON", "AVATAR"] };

/** Who reports directly to somebody, by name. */
export function reportsOf(managerId: string): PeopleList {
  const filter = EVERYBODY;
  return {
    key: ["reports", managerId],
    page: async (first, after, signal) =>
      pageOf((await ask(Reports, { managerId, filter, first, after }, signal)).reports),
    hop: async (hop, signal) =>
      landingOf(hop, (await ask(ReportsHop, { managerId, filter, ...windowOf(hop) }, signal)).reports),
    ids: async (first, signal) => idsOf((await ask(ReportIds, { managerId, filter, first }, signal)).reports),
  };
}

/** Where lines begin: people without a manager, or with the reason people whose line is broken; the largest team first. */
export function topsOf(reason?: OrphanReason): PeopleList {
  const filter = topsFilter(reason);
  return {
    key: ["tops", reason ?? "ROOT"],
    page: async (first, after, signal) => pageOf((await ask(Tops, { filter, first, after }, signal)).users),
    hop: async (hop, signal) => landingOf(hop, (await ask(TopsHop, { filter, ...windowOf(hop) }, signal)).users),
    ids: async (first, signal) => idsOf((await ask(TopIds, { filter, first }, signal)).users),
  };
}

export function topsFilter(reason?: OrphanReason): UserFilter {
  return reason ? { ...EVERYBODY, orphanReason: [reason] } : { ...EVERYBODY, managerStatus: ["NONE"] };
}

const windowOf = (hop: Hop) =>
  hop.forward ? { first: hop.count, after: hop.from } : { last: hop.count, before: hop.from };

interface Told {
  totalCount: number;
  pageInfo: { startCursor?: string | null; endCursor?: string | null };
}

// Null is the list of somebody whom the snapshot doesn't know any more.
function pageOf(told: (Told & { nodes: Person[] }) | null | undefined): Page {
  return { people: told?.nodes ?? [], totalCount: told?.totalCount ?? 0, endCursor: told?.pageInfo.endCursor ?? null };
}

function landingOf(hop: Hop, told: Told | null | undefined): Landing {
  const cursor = (hop.forward ? told?.pageInfo.endCursor : told?.pageInfo.startCursor) ?? null;
  return { cursor, totalCount: told?.totalCount ?? 0 };
}

const idsOf = (told: { nodes: { id: string }[] } | null | undefined): string[] =>
  (told?.nodes ?? []).map(({ id }) => id);
