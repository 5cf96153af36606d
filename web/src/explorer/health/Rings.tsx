import type { ReactElement } from "react";

import { graphql } from "../../gql";
import type { RingsQuery } from "../../gql/graphql";
import { addressOf } from "../route";
import { useAnswer } from "../service/answers";
import { Name } from "../shell/Name";
import { count, counted, initials, nameOf } from "../words";
import { DRAWN, drawRing, MEMBER } from "./ring";

const SHOWN = 8;

const RingsOfCompany = graphql(`
  query Rings($first: Int!, $members: Int!) {
    cycles(first: $first) {
      totalCount
      nodes {
        length
        belowCount
        members(first: $members) {
          nodes {
            id
            name
          }
        }
      }
    }
  }
`);

type Ring = RingsQuery["cycles"]["nodes"][number];

/** The rings, drawn as what they are: each arrow leads from somebody to their manager. */
export function Rings(): ReactElement | null {
  const { data } = useAnswer(RingsOfCompany, { first: SHOWN, members: DRAWN });
  if (!data || data.cycles.totalCount === 0) return null;
  const { nodes, totalCount } = data.cycles;
  return (
    <section>
      <h2>
        Rings <span className="quiet">{count(totalCount)}</span>
      </h2>
      <p className="quiet">
        Everybody here is above themselves. An arrow leads to the manager.
        {totalCount > nodes.length && ` The first ${count(nodes.length)} are drawn.`}
      </p>
      <div className="rings">
        {nodes.map((ring) => (
          <RingFigure key={ring.members.nodes[0]?.id} ring={ring} />
        ))}
      </div>
    </section>
  );
}

function RingFigure({ ring }: { ring: Ring }): ReactElement {
  const members = ring.members.nodes;
  const { size, members: places, arcs } = drawRing(members.length);
  const whole = ring.length <= members.length;
  return (
    <figure>
      <svg viewBox={`0 0 ${size} ${size}`} width={Math.min(220, size)} aria-hidden="true">
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6" markerHeight="6" orient="auto">
            <path d="M0 0 8 4 0 8Z" />
          </marker>
        </defs>
        {arcs.slice(0, whole ? arcs.length : -1).map((arc) => (
          <path key={arc} d={arc} markerEnd="url(#arrow)" />
        ))}
        {members.map((member, index) => {
          const place = places[index];
          if (!place) return null;
          return (
            <g key={member.id}>
              <circle cx={place.x} cy={place.y} r={MEMBER} />
              <text x={place.x} y={place.y} dy="0.36em">
                {initials(nameOf(member))}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption>
        <strong>
          {whole ? `A ring of ${count(ring.length)}` : `${count(members.length)} of a ring of ${count(ring.length)}`}
        </strong>
        {ring.belowCount > 0 && <span className="quiet">{counted(ring.belowCount, "person", "people")} below</span>}
        <ol>
          {members.map((member) => (
            <li key={member.id}>
              <a href={addressOf({ view: "person", personId: member.id })}><Name of={member} /></a>
            </li>
          ))}
        </ol>
      </figcaption>
    </figure>
  );
}
