import type { ReactElement } from "react";

import { graphql } from "../../gql";
import { addressOf } from "../route";
import { useAnswer } from "../service/answers";
import { Name } from "../shell/Name";
import { count, counted } from "../words";
import { byManager } from "./missing";

/** The most orphans that are put under their managers: one page of the service's. */
const LOOKED_AT = 1_000;
/** How many managers, and how many names under each, are shown. */
const MANAGERS = 12;
const NAMES = 8;

const Missing = graphql(`
  query Missing($first: Int!) {
    orphans(reasons: [MANAGER_NOT_FOUND], first: $first) {
      totalCount
      nodes {
        id
        name
        managerId
        everybodyBelow: reportCount(transitive: true)
      }
    }
  }
`);

/** Managers whom somebody names and nobody is, each with whoever names them. */
export function MissingManagers(): ReactElement | null {
  const { data } = useAnswer(Missing, { first: LOOKED_AT });
  if (!data || data.orphans.totalCount === 0) return null;
  const { nodes, totalCount } = data.orphans;
  const managers = byManager(nodes);
  return (
    <section>
      <h2>
        Missing managers{" "}
        <span className="quiet">
          {totalCount > nodes.length ? "at least " : ""}
          {count(managers.length)}
        </span>
      </h2>
      <p className="quiet">
        Ids that Gong names as managers and that nobody in the workspace has.
        {totalCount > nodes.length &&
          ` Of ${count(totalCount)} such lines the first ${count(nodes.length)} are put together here.`}
      </p>
      <ul className="missing">
        {managers.slice(0, MANAGERS).map(({ managerId, people, everybody }) => (
          <li key={managerId}>
            <p className="row">
              <span className="ghost" aria-hidden="true">
                ?
              </span>
              <strong>{managerId}</strong>
              <span className="quiet">
                {counted(people.length, "person", "people")} under this id
                {everybody > people.length && `, ${count(everybody - people.length)} more below`}
              </span>
            </p>
            <p className="names">
              {people.slice(0, NAMES).map((person) => (
                <a key={person.id} href={addressOf({ view: "person", personId: person.id })}>
                  <Name of={person} />
                </a>
              ))}
              {people.length > NAMES && <span className="quiet">and {count(people.length - NAMES)} more</span>}
            </p>
          </li>
        ))}
      </ul>
      <p>
        <a href={addressOf({ view: "chart", reason: "MANAGER_NOT_FOUND" })}>
          {totalCount === 1 ? "In the chart" : `All ${count(totalCount)} in the chart`}
        </a>
      </p>
    </section>
  );
}
