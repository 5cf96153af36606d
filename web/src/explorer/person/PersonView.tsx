import type { ReactElement } from "react";

import { graphql } from "../../gql";
import type { PersonPageQuery } from "../../gql/graphql";
import { isolated } from "../bidi";
import { Face } from "../chart/PersonCard";
import { addressOf } from "../route";
import { useAnswer } from "../service/answers";
import { Faulty } from "../shell/Faulty";
import { Mark } from "../shell/marks";
import { Title } from "../shell/Title";
import { asked, useQuestion } from "../shell/question";
import { count, nameOf, ORPHANS } from "../words";
import { Chain } from "./Chain";
import { Identities } from "./Identities";
import { Team } from "./Team";
import { IssueList } from "../health/IssueList";

const PersonPage = graphql(`
  query PersonPage($id: ID!) {
    user(id: $id) {
      ...Card
      depth
      underOrphan
      managerStatus
      created
      fetchedAt
      emailAddress
      identities {
        kind
        value
        shared
      }
      hidden {
        field
        requiredRole
      }
      trustedEmailAddress
      phoneNumber
      extension
      managerChain(first: 24) {
        length
        end
        nodes {
          id
          name
          title
          active
        }
      }
      reports(first: 12, orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }) {
        totalCount
        nodes {
          ...Card
        }
      }
      issues(first: 20) {
        totalCount
        nodes {
          ...IssueText
        }
      }
    }
    orgStats(rootId: $id) {
      maxDepth
      managerCount
      individualContributorCount
      span {
        median
      }
    }
  }
`);

export type PersonOfPage = NonNullable<PersonPageQuery["user"]>;

/** All that the picture has of one person. */
export default function PersonView({ id }: { id: string }): ReactElement {
  const { data, failureReason } = useAnswer(PersonPage, { id });
  useQuestion(asked(PersonPage, { id }));
  const person = data?.user;
  if (!data) {
    return (
      <div className="page">
        <Title name="Person" unseen />
        <Faulty fault={failureReason} />
      </div>
    );
  }
  if (!person) {
    return (
      <div className="notice">
        <Title name="Nobody has this id" />
        <p>Nobody in the present picture of the company has the id {id}.</p>
      </div>
    );
  }
  return (
    <div className="page">
      <Header person={person} />
      <Figures person={person} stats={data.orgStats} />
      <div className="halves">
        <div>
          <Chain person={person} />
          <IssueSection person={person} />
        </div>
        <div>
          <Team person={person} />
          <Identities person={person} />
        </div>
      </div>
    </div>
  );
}

function Header({ person }: { person: PersonOfPage }): ReactElement {
  const name = nameOf(person);
  return (
    <header className="masthead">
      <Face id={person.id} name={name} large />
      <div>
        <Title name={isolated(name)}>{name}</Title>
        <p className="lead">{person.title ?? "No title"}</p>
        <p className="tags">
          {!person.active && <span className="tag">Inactive</span>}
          {person.kind === "AVATAR" && <span className="tag">Avatar of Gong’s staff</span>}
          {person.orphanReason && <span className="tag warning">{ORPHANS[person.orphanReason].one}</span>}
          {person.underOrphan && <span className="tag warning">A line above is broken</span>}
        </p>
      </div>
      <p className="actions">
        <a className="button" href={addressOf({ view: "chart", personId: person.id })}>
          <Mark of="chart" />
          In the chart
        </a>
        <a className="button" href={addressOf({ view: "move", personId: person.id })}>
          <Mark of="move" />
          Move to…
        </a>
      </p>
    </header>
  );
}

function Figures({ person, stats }: { person: PersonOfPage; stats: PersonPageQuery["orgStats"] }): ReactElement {
  const figures: Array<[string, string]> = [
    ["Direct reports", count(person.reportCount)],
    ["Everybody below", count(person.everybodyBelow)],
    ["Levels below", stats?.maxDepth === null || stats?.maxDepth === undefined ? "–" : count(stats.maxDepth)],
    // The person is one of the managers that are counted.
    ["Managers below", count(Math.max(0, (stats?.managerCount ?? 0) - (person.reportCount > 0 ? 1 : 0)))],
    ["Steps to the top", person.depth === null || person.depth === undefined ? "–" : count(person.depth)],
  ];
  return (
    <dl className="tiles">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function IssueSection({ person }: { person: PersonOfPage }): ReactElement {
  return (
    <section>
      <h2>Issues</h2>
      {person.issues.totalCount === 0 ? (
        <p className="quiet">Nothing is wrong that touches this person.</p>
      ) : (
        <IssueList issues={person.issues.nodes} />
      )}
    </section>
  );
}
