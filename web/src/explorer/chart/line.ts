import { graphql } from "../../gql";
import type { ChainEnd, ChartLineQuery, OrphanReason } from "../../gql/graphql";
import { topsFilter, type Person } from "../list/people";
import { answers, keyOf, useAnswer } from "../service/answers";

/**
 * The most managers above somebody who are shown at once: a column each. Lines of thousands of managers are real; the
 * rest is a step away, by the column that tells how many there are.
 */
export const SHOWN_ABOVE = 16;

export const ChartLine = graphql(`
  query ChartLine($id: ID!, $shown: Int!) {
    user(id: $id) {
      ...Card
      managerChain(first: $shown) {
        length
        end
        nodes {
          ...Card
        }
      }
    }
  }
`);

export const ChartHome = graphql(`
  query ChartHome($filter: UserFilter!) {
    users(filter: $filter, orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }, first: 1) {
      nodes {
        ...Card
      }
    }
  }
`);

/** What is open in the chart: a line of people, from the highest who is shown to the one whose reports stand last. */
export interface Line {
  people: Person[];
  /** How many stand above the first, and aren't shown. */
  hiddenAbove: number;
  end: ChainEnd;
}

/** The group in which somebody stands whose line ends so; none for the ordinary case. */
export const GROUP_OF_END: Record<ChainEnd, OrphanReason | undefined> = {
  ROOT: undefined,
  MANAGER_NOT_FOUND: "MANAGER_NOT_FOUND",
  SELF_MANAGED: "MANAGER_IS_SELF",
  CYCLE: "MANAGEMENT_CYCLE",
};

export interface ShownLine {
  line: Line | undefined;
  /** Whether the person asked for isn't in the snapshot. */
  unknown: boolean;
  fault: unknown;
}

/** The line to a person; without one, to whoever has most people below. */
export function useLine(personId: string | undefined, wanted: boolean): ShownLine {
  const home = useAnswer(ChartHome, { filter: topsFilter() }, { enabled: wanted && personId === undefined });
  const line = useAnswer(
    ChartLine,
    { id: personId ?? "", shown: SHOWN_ABOVE },
    { enabled: wanted && personId !== undefined, keep: true },
  );
  if (!wanted) return { line: undefined, unknown: false, fault: null };
  if (personId === undefined) {
    const people = home.data?.users.nodes;
    return {
      line: people && { people, hiddenAbove: 0, end: "ROOT" },
      unknown: false,
      fault: home.data ? null : home.failureReason,
    };
  }
  return {
    line: line.data && lineOf(line.data),
    unknown: line.data?.user === null,
    fault: line.data ? null : line.failureReason,
  };
}

export function lineOf({ user }: ChartLineQuery): Line | undefined {
  if (!user) return undefined;
  const { managerChain, ...person } = user;
  return {
    people: [...managerChain.nodes].reverse().concat(person),
    hiddenAbove: managerChain.length - managerChain.nodes.length,
    end: managerChain.end,
  };
}

/**
 * Puts the line to a report of the `at`-th of a line into the cache: it is known without asking, so that the next
 * column opens at once. Not where the report stands in the line already, as in a ring.
 */
export function foresee(line: Line, at: number, report: Person): void {
  const above = line.people.slice(0, at + 1);
  if (above.some((person) => person.id === report.id)) return;
  const nodes = [...above].reverse().slice(0, SHOWN_ABOVE);
  const length = line.hiddenAbove + above.length;
  answers.setQueryData(
    keyOf(ChartLine, { id: report.id, shown: SHOWN_ABOVE }),
    (known: ChartLineQuery | undefined) =>
      known ?? { user: { ...report, managerChain: { length, end: line.end, nodes } } },
  );
}
