import { Fragment, type ReactElement, type ReactNode } from "react";

import { graphql } from "../../gql";
import { addressOf } from "../route";
import { useAnswer } from "../service/answers";
import { Faulty } from "../shell/Faulty";
import { Name } from "../shell/Name";
import { count, counted, figure, ORPHANS } from "../words";

export const MoveEffects = graphql(`
  query MoveEffects($personId: ID!, $managerId: ID) {
    simulateMove(userIds: [$personId], newManagerId: $managerId) {
      unknownManagerIds
      ringsMade {
        totalCount
        nodes(first: 3) {
          length
          members(first: 12) {
            id
            name
          }
        }
      }
      ringsBroken {
        totalCount
      }
      orphansMade {
        totalCount
        nodes(first: 5) {
          after
          user {
            id
            name
          }
        }
      }
      orphansMended {
        totalCount
      }
      orphansChanged {
        totalCount
        nodes(first: 5) {
          after
          user {
            id
            name
          }
        }
      }
      spans {
        totalCount
        nodes(first: 4) {
          manager {
            id
            name
          }
          before {
            direct
            transitive
          }
          after {
            direct
            transitive
          }
        }
      }
      depths {
        totalCount
      }
      maxDepthBefore
      maxDepthAfter
      tops {
        totalCount
      }
      callVisibility {
        totalCount
        nodes(first: 6) {
          viewer {
            id
            name
          }
          before
          after
          gained
          lost
        }
      }
    }
  }
`);

interface Props {
  personId: string;
  /** Whom the record names now, be it somebody who isn't there. */
  presentManagerId: string | null;
  managerId: string | null;
}

/** What would become of a move: what is bad first, then who has how many, and who would hear whose calls. */
export function Effects({ personId, presentManagerId, managerId }: Props): ReactElement {
  const variables = { personId, managerId };
  const { data, failureReason } = useAnswer(MoveEffects, variables);
  if (!data) {
    return (
      <div role="status">
        <Faulty fault={failureReason} />
        {!failureReason && <p className="quiet">Working out what would change…</p>}
      </div>
    );
  }
  const effects = data.simulateMove;
  const { spans, callVisibility, orphansMade, orphansChanged } = effects;
  // Whoever would be in a ring is named with it.
  const broken = orphansMade.nodes.filter(({ after }) => after !== "MANAGEMENT_CYCLE");
  const stillBroken = orphansChanged.nodes.filter(({ after }) => after !== "MANAGEMENT_CYCLE");
  return (
    <div className="effects" role="region" aria-label="Effects of the move">
      {managerId === presentManagerId && (
        <Verdict tone="good">Nothing would change: this is where they are.</Verdict>
      )}
      {effects.unknownManagerIds.length > 0 && (
        <Verdict tone="bad">Nobody in the present picture has the id of the new manager.</Verdict>
      )}
      {effects.ringsMade.nodes.map((ring) => (
        <Verdict key={ring.members[0]?.id} tone="bad">
          A ring of {count(ring.length)} would be made, each under the next:{" "}
          {ring.members.map((member) => (
            <Fragment key={member.id}>
              <Name of={member} /> →{" "}
            </Fragment>
          ))}
          {ring.length > ring.members.length ? "…" : ring.members[0] && <Name of={ring.members[0]} />}
        </Verdict>
      ))}
      {broken.map(({ user, after }) => (
        <Verdict key={user.id} tone="warning">
          <Name of={user} /> would have a broken line{after && `: ${ORPHANS[after].group.toLowerCase()}`}.
        </Verdict>
      ))}
      {orphansMade.totalCount > orphansMade.nodes.length && (
        <Verdict tone="warning">In all, {counted(orphansMade.totalCount, "line")} would be broken.</Verdict>
      )}
      {stillBroken.map(({ user, after }) => (
        <Verdict key={user.id} tone="warning">
          The line of <Name of={user} /> would stay broken, for another reason
          {after && `: ${ORPHANS[after].group.toLowerCase()}`}.
        </Verdict>
      ))}
      {orphansChanged.totalCount > orphansChanged.nodes.length && (
        <Verdict tone="warning">
          In all, {counted(orphansChanged.totalCount, "line")} would stay broken, for another reason.
        </Verdict>
      )}
      {effects.ringsBroken.totalCount > 0 && (
        <Verdict tone="good">
          {counted(effects.ringsBroken.totalCount, "ring")} would be broken or made smaller.
        </Verdict>
      )}
      {effects.orphansMended.totalCount > 0 && (
        <Verdict tone="good">{counted(effects.orphansMended.totalCount, "broken line")} would be mended.</Verdict>
      )}
      <dl className="tiles">
        <Tile name="Change their depth" value={count(effects.depths.totalCount)} />
        <Tile name="Get another top" value={count(effects.tops.totalCount)} />
        <Tile name="Deepest level" value={deepest(effects.maxDepthBefore, effects.maxDepthAfter)} />
        <Tile name="Would hear other calls" value={count(callVisibility.totalCount)} />
      </dl>
      <div className="halves">
        <section>
          <h2>Teams</h2>
          <Table heads={["Manager", "Direct", "In all"]} empty="No team changes.">
            {spans.nodes.map(({ manager, before, after }) => (
              <tr key={manager.id}>
                <Who person={manager} />
                <td>{change(before.direct, after.direct)}</td>
                <td>{change(before.transitive, after.transitive)}</td>
              </tr>
            ))}
          </Table>
          {spans.nodes.length > 0 && (
            <p className="quiet">Of the old and the new manager. Those above them may get more or fewer in all, too.</p>
          )}
        </section>
        <section>
          <h2>Access to calls</h2>
          <p className="quiet">An estimate from the lines, for access to the calls of a team.</p>
          <Table heads={["Who hears", "People", "More", "Fewer"]} empty="Nobody hears others than now.">
            {callVisibility.nodes.map(({ viewer, before, after, gained, lost }) => (
              <tr key={viewer.id}>
                <Who person={viewer} />
                <td>{change(before, after)}</td>
                <td>{count(gained)}</td>
                <td>{count(lost)}</td>
              </tr>
            ))}
          </Table>
          {callVisibility.totalCount > callVisibility.nodes.length && (
            <p className="quiet">and {count(callVisibility.totalCount - callVisibility.nodes.length)} more</p>
          )}
        </section>
      </div>
    </div>
  );
}

const change = (before: number, after: number): string =>
  before === after ? count(after) : `${count(before)} → ${count(after)}`;

const deepest = (before: number | null | undefined, after: number | null | undefined): string =>
  before === after ? figure(after) : `${figure(before)} → ${figure(after)}`;

function Verdict({ tone, children }: { tone: "bad" | "warning" | "good"; children: ReactNode }): ReactElement {
  return <p className={`verdict ${tone}`}>{children}</p>;
}

function Tile({ name, value }: { name: string; value: string }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Who({ person }: { person: { id: string; name?: string | null } }): ReactElement {
  return (
    <th scope="row">
      <a href={addressOf({ view: "person", personId: person.id })}><Name of={person} /></a>
    </th>
  );
}

function Table({ heads, empty, children }: { heads: string[]; empty: string; children: ReactElement[] }): ReactElement {
  if (children.length === 0) return <p className="quiet">{empty}</p>;
  return (
    <div className="scrolls">
      <table className="figures">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
