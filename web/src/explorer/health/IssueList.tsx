import type { ReactElement } from "react";

import { graphql } from "../../gql";
import type { IssueTextFragment } from "../../gql/graphql";
import { addressOf } from "../route";
import { Name } from "../shell/Name";
import { count, counted, ISSUES, SEVERITIES } from "../words";

export const IssueText = graphql(`
  fragment IssueText on Issue {
    id
    kind
    severity
    summary
    advice
    belowCount
    people(first: 6) {
      totalCount
      nodes {
        id
        name
      }
    }
  }
`);

const TONES = { ERROR: "tag bad", WARNING: "tag warning", INFO: "tag" } as const;

/** Issues as they are told: what, how bad, whom it touches, what to do. */
export function IssueList({ issues }: { issues: IssueTextFragment[] }): ReactElement {
  return (
    <ul className="issues">
      {issues.map((issue) => (
        <li key={issue.id}>
          <p className="row">
            <span className={TONES[issue.severity]}>{SEVERITIES[issue.severity]}</span>
            <strong>{ISSUES[issue.kind]}</strong>
            {issue.belowCount > 0 && (
              <span className="quiet">{counted(issue.belowCount, "person", "people")} below</span>
            )}
          </p>
          <p>{issue.summary}</p>
          <p className="names">
            {issue.people.nodes.map((person) => (
              <a key={person.id} href={addressOf({ view: "person", personId: person.id })}>
                <Name of={person} />
              </a>
            ))}
            {issue.people.totalCount > issue.people.nodes.length && (
              <span className="quiet">and {count(issue.people.totalCount - issue.people.nodes.length)} more</span>
            )}
          </p>
          <p className="quiet">{issue.advice}</p>
        </li>
      ))}
    </ul>
  );
}
