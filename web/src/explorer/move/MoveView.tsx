import type { ReactElement } from "react";

import { graphql } from "../../gql";
import { isolated } from "../bidi";
import { PersonCard } from "../chart/PersonCard";
import type { Person } from "../list/people";
import { addressOf, go } from "../route";
import { PersonPicker } from "../search/PersonPicker";
import { useAnswer } from "../service/answers";
import { Faulty } from "../shell/Faulty";
import { Mark } from "../shell/marks";
import { Name } from "../shell/Name";
import { Title } from "../shell/Title";
import { asked, useQuestion } from "../shell/question";
import { counted, nameOf } from "../words";
import { Effects, MoveEffects } from "./Effects";

const MovePeople = graphql(`
  query MovePeople($ids: [ID!]!) {
    usersByIds(ids: $ids) {
      ...Card
      manager {
        ...Card
      }
    }
  }
`);

/** Who moves where, and what would become of it. Nothing is ever written. */
export default function MoveView({
  personId,
  managerId,
}: {
  personId: string;
  managerId: string | null | undefined;
}): ReactElement {
  const ids = managerId ? [personId, managerId] : [personId];
  const { data, failureReason } = useAnswer(MovePeople, { ids }, { keep: true });
  const person = data?.usersByIds.find((one) => one?.id === personId);
  const manager = data?.usersByIds.find((one) => one?.id === managerId);
  const toSelf = managerId === personId;
  const told = managerId !== undefined && !toSelf;
  useQuestion(told ? asked(MoveEffects, { personId, managerId }) : asked(MovePeople, { ids }));
  return (
    <div className="page">
      <header className="masthead">
        <div>
          <Title name={`What if ${person ? isolated(nameOf(person)) : "somebody"} moved?`}>
            What if {person ? <Name of={person} /> : "somebody"} moved?
          </Title>
          <p className="lead">This is a thought: nothing is ever written to Gong, and nothing changes here.</p>
        </div>
      </header>
      {!data && <Faulty fault={failureReason} />}
      {data && !person && <p className="notice">Nobody in the present picture has the id {personId}.</p>}
      {person && (
        <>
          <div className="moving">
            <Place name="Now under" person={person.manager} none="Nobody" />
            <div className="mover">
              <span className="quiet">
                {person.everybodyBelow > 0
                  ? `With ${counted(person.everybodyBelow, "person", "people")} below`
                  : "With nobody below"}
              </span>
              <a className="card" href={addressOf({ view: "chart", personId })}>
                <PersonCard person={person} />
              </a>
              <Mark of="next" />
            </div>
            <Place
              name="Then under"
              person={manager}
              none={managerId === undefined ? "Choose a manager" : managerId === null ? "Nobody: a top" : managerId}
            />
          </div>
          <div className="choice">
            <PersonPicker
              id="manager"
              label="New manager"
              placeholder={managerId === undefined ? "Choose the new manager" : "Another manager"}
              onPick={(chosen) => go({ view: "move", personId, managerId: chosen.id })}
            />
            {managerId !== null && (
              <a className="button" href={addressOf({ view: "move", personId, managerId: null })}>
                No manager
              </a>
            )}
          </div>
          {toSelf && <p className="notice">Nobody can be moved under themselves.</p>}
          {told && <Effects personId={personId} presentManagerId={person.managerId ?? null} managerId={managerId} />}
        </>
      )}
    </div>
  );
}

function Place({
  name,
  person,
  none,
}: {
  name: string;
  person: Person | null | undefined;
  none: string;
}): ReactElement {
  return (
    <div>
      <span className="quiet">{name}</span>
      {person ? (
        <a className="card" href={addressOf({ view: "chart", personId: person.id })}>
          <PersonCard person={person} />
        </a>
      ) : (
        <div className="card waiting">{none}</div>
      )}
    </div>
  );
}
