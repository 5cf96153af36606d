import type { ReactElement } from "react";

import { PersonCard } from "../chart/PersonCard";
import { addressOf } from "../route";
import { count } from "../words";
import type { PersonOfPage } from "./PersonView";

/** The largest teams among the reports, and the way to all of them. */
export function Team({ person }: { person: PersonOfPage }): ReactElement {
  const { nodes, totalCount } = person.reports;
  return (
    <section>
      <h2>
        Reports <span className="quiet">{count(totalCount)}</span>
      </h2>
      {totalCount === 0 && <p className="quiet">Nobody reports to this person.</p>}
      <ul className="people">
        {nodes.map((report) => (
          <li key={report.id}>
            <a className="card" href={addressOf({ view: "person", personId: report.id })}>
              <PersonCard person={report} />
            </a>
          </li>
        ))}
      </ul>
      {totalCount > nodes.length && (
        <p>
          <a href={addressOf({ view: "chart", personId: person.id })}>All {count(totalCount)} in the chart</a>
        </p>
      )}
    </section>
  );
}
