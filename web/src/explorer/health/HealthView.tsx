import type { ReactElement } from "react";

import { graphql } from "../../gql";
import type { HealthPageQuery, IssueKind } from "../../gql/graphql";
import { addressOf } from "../route";
import { useAnswer } from "../service/answers";
import { Faulty } from "../shell/Faulty";
import { Title } from "../shell/Title";
import { asked, useQuestion } from "../shell/question";
import { count, figure, ISSUES, SEVERITIES } from "../words";
import { Issues, IssuesOfKind, issuesOf } from "./IssuesOfKind";
import { DEEPEST, layersOf } from "./layers";
import { MissingManagers } from "./MissingManagers";
import { Plot } from "./Plot";
import { Rings } from "./Rings";

const HealthPage = graphql(`
  query HealthPage($maxDepth: Int!) {
    orgHealth(first: 0) {
      totalCount
      countsByKind {
        kind
        count
      }
      countsBySeverity {
        severity
        count
      }
    }
    orgStats {
      headcount
      activeCount
      inactiveCount
      managerCount
      individualContributorCount
      layers
      maxDepth
      withoutDepthCount
      span {
        median
        mean
        max
        histogram {
          from
          to
          managerCount
        }
      }
      headcountByDepth(maxDepth: $maxDepth) {
        depth
        headcount
      }
    }
  }
`);

const OF_COMPANY = { maxDepth: DEEPEST };

/** What is wrong with the company, and what shape it has. */
export default function HealthView({ kind }: { kind: IssueKind | undefined }): ReactElement {
  const { data, failureReason } = useAnswer(HealthPage, OF_COMPANY);
  useQuestion(kind ? asked(Issues, issuesOf(kind)) : asked(HealthPage, OF_COMPANY));
  return (
    <div className="page">
      <header className="masthead">
        <Title name="Health of the picture" />
      </header>
      {!data && <Faulty fault={failureReason} />}
      {data && (
        <>
          <Tiles data={data} />
          <div className="halves">
            <div>
              <IssueKinds data={data} open={kind} />
              {kind && <IssuesOfKind key={kind} kind={kind} />}
              <MissingManagers />
            </div>
            <div>
              <Rings />
              {data.orgStats && <Shape stats={data.orgStats} />}
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function Tiles({ data }: { data: HealthPageQuery }): ReactElement {
  const severities = (["ERROR", "WARNING", "INFO"] as const).map((severity) => ({
    severity,
    count: data.orgHealth.countsBySeverity.find((entry) => entry.severity === severity)?.count ?? 0,
  }));
  return (
    <dl className="tiles">
      {severities.map(({ severity, count: number }) => (
        <div key={severity} className={number > 0 ? severity.toLowerCase() : undefined}>
          <dt>{SEVERITIES[severity]}s</dt>
          <dd>{count(number)}</dd>
        </div>
      ))}
      <div>
        <dt>People</dt>
        <dd>{count(data.orgStats?.headcount ?? 0)}</dd>
      </div>
      <div>
        <dt>Managers</dt>
        <dd>{count(data.orgStats?.managerCount ?? 0)}</dd>
      </div>
      <div>
        <dt>Layers</dt>
        <dd>{count(data.orgStats?.layers ?? 0)}</dd>
      </div>
      <div>
        <dt>Median span</dt>
        <dd>{figure(data.orgStats?.span.median)}</dd>
      </div>
    </dl>
  );
}

function IssueKinds({ data, open }: { data: HealthPageQuery; open: IssueKind | undefined }): ReactElement {
  const counts = [...data.orgHealth.countsByKind].filter((entry) => entry.count > 0).sort((a, b) => b.count - a.count);
  return (
    <section>
      <h2>Issues by kind</h2>
      {counts.length === 0 ? (
        <p className="quiet">Nothing is wrong.</p>
      ) : (
        <Plot
          caption="Issues by kind"
          unit="issue"
          bars={counts.map((entry) => ({
            label: ISSUES[entry.kind],
            value: entry.count,
            href: addressOf({ view: "health", ...(entry.kind === open ? {} : { kind: entry.kind }) }),
            open: entry.kind === open,
          }))}
        />
      )}
    </section>
  );
}

function Shape({ stats }: { stats: NonNullable<HealthPageQuery["orgStats"]> }): ReactElement {
  return (
    <>
      <section>
        <h2>Spans</h2>
        <p className="quiet">
          Managers by their direct reports: {figure(stats.span.mean)} on average, {figure(stats.span.max)} at most.
        </p>
        <Plot
          caption="Managers by direct reports"
          unit="manager"
          bars={stats.span.histogram.map(({ from, to, managerCount }) => ({
            label: to === from ? `${from}` : to ? `${from}–${to}` : `${from} and more`,
            value: managerCount,
          }))}
        />
      </section>
      <section>
        <h2>Layers</h2>
        <p className="quiet">
          People by their steps to the top
          {stats.withoutDepthCount > 0 && `; ${count(stats.withoutDepthCount)} in or below a ring have none`}.
        </p>
        <Plot
          caption="People by layer"
          unit="person"
          units="people"
          bars={layersOf(stats)}
        />
      </section>
    </>
  );
}
