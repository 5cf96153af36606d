import { lazy, Suspense, type ReactElement } from "react";

import { ChartView } from "../chart/ChartView";
import { addressOf, type Route } from "../route";
import { tryNow } from "../service/pause";
import { fetchScript, useWaiting } from "../service/script";
import { Boundary } from "./Boundary";
import { Title } from "./Title";

// The chart is there at once; the others come as scripts of their own.
const person = () => import("../person/PersonView");
const health = () => import("../health/HealthView");
const move = () => import("../move/MoveView");

const PersonView = lazy(() => fetchScript(person));
const HealthView = lazy(() => fetchScript(health));
const MoveView = lazy(() => fetchScript(move));

/** Fetches the views that aren't open, once the browser has nothing else to do. What fails is fetched when it is wanted. */
export function fetchAhead(): void {
  // Safari knows no idleness.
  const whenIdle = globalThis.requestIdleCallback ?? ((then: () => void) => setTimeout(then, 1_000));
  whenIdle(() => void Promise.allSettled([health(), person(), move()]));
}

/** The view of a route, or why there is none. A view that breaks takes nothing along but itself. */
export function View({ route }: { route: Route }): ReactElement {
  return (
    <Boundary at={addressOf(route)}>
      <Suspense fallback={<Awaited />}>
        <Shown route={route} />
      </Suspense>
    </Boundary>
  );
}

function Shown({ route }: { route: Route }): ReactElement {
  switch (route.view) {
    case "chart":
      return <ChartView personId={route.personId} reason={route.reason} />;
    case "person":
      return <PersonView key={route.personId} id={route.personId} />;
    case "health":
      return <HealthView kind={route.kind} />;
    case "move":
      return <MoveView personId={route.personId} managerId={route.managerId} />;
    case "unknown":
      return (
        <div className="notice">
          <Title name="Nothing is here" />
          <p>
            This address leads nowhere. <a href="#/">To the chart</a>
          </p>
        </div>
      );
  }
}

/** Stands for a view whose script is on its way. That is a moment, unless the service is away. */
function Awaited(): ReactElement | null {
  if (!useWaiting()) return null;
  return (
    <div className="notice" role="status">
      <Title name="This view isn’t here yet" />
      <p>The service can’t be reached, and this part of the page is still to be fetched from it. It comes by itself.</p>
      <p className="row">
        <button type="button" className="button" onClick={tryNow}>
          Try again
        </button>
      </p>
    </div>
  );
}
