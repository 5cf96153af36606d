import type { ReactElement } from "react";

import { graphql } from "../../gql";
import type { OrphanReason } from "../../gql/graphql";
import { addressOf, ORPHAN_REASONS } from "../route";
import { useAnswer } from "../service/answers";
import { count, ORPHANS } from "../words";

const BrokenLineCounts = graphql(`
  query BrokenLineCounts {
    MANAGER_NOT_FOUND: orphans(reasons: [MANAGER_NOT_FOUND], first: 0) {
      totalCount
    }
    MANAGER_IS_SELF: orphans(reasons: [MANAGER_IS_SELF], first: 0) {
      totalCount
    }
    MANAGEMENT_CYCLE: orphans(reasons: [MANAGEMENT_CYCLE], first: 0) {
      totalCount
    }
    MANAGER_INACTIVE: orphans(reasons: [MANAGER_INACTIVE], first: 0) {
      totalCount
    }
    NO_MANAGER: orphans(reasons: [NO_MANAGER], first: 0) {
      totalCount
    }
  }
`);

/** The ways to everybody whose line to a top is broken: nobody is lost because the data is bad. */
export function BrokenLines({ open }: { open: OrphanReason | undefined }): ReactElement | null {
  const { data } = useAnswer(BrokenLineCounts, {});
  const reasons = ORPHAN_REASONS.filter((reason) => (data?.[reason].totalCount ?? 0) > 0);
  if (!data || reasons.length === 0) return null;
  return (
    <nav className="broken" aria-label="Broken lines">
      <h3>Broken lines</h3>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>
            <a href={addressOf({ view: "chart", reason })} aria-current={reason === open ? "true" : undefined}>
              <span>{ORPHANS[reason].group}</span>
              <span className="number">{count(data[reason].totalCount)}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
