import { useEffect, useRef, type ReactElement } from "react";

import { useRoute, type Route } from "../route";
import { Search } from "../search/Search";
import { useLive } from "../service/live";
import { Freshness } from "./Freshness";
import { Gate } from "./Gate";
import { Keys } from "./Keys";
import { Mark } from "./marks";
import { useGraphiqlLink } from "./question";
import { shortcutsOn } from "./shortcuts";
import { useTheme } from "./theme";
import { arrive } from "./Title";
import { View } from "./views";

export function App(): ReactElement {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  useFocusOnView(route);
  return (
    <>
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header className="bar">
        <a className="brand" href="#/">
          orgraph
        </a>
        <nav aria-label="Views">
          <a href="#/" aria-current={route.view === "chart" ? "page" : undefined}>
            Chart
          </a>
          <a href="#/health" aria-current={route.view === "health" ? "page" : undefined}>
            Health
          </a>
        </nav>
        <Search />
        <Freshness />
        <div className="tools">
          <a className="button" href="/export/v1" title="The company as tables: Excel, Power BI, Tableau, DuckDB, pandas">
            Tables
          </a>
          <GraphiqlLink />
          <Keys />
          <ThemeSwitch />
        </div>
      </header>
      <ConnectionNotice />
      <main ref={main} tabIndex={-1} className={route.view}>
        <Gate>
          <View route={route} />
        </Gate>
      </main>
    </>
  );
}

/** Whoever opens another view is put at its heading; within the chart the focus stays on the cards. */
function useFocusOnView(route: Route): void {
  const shown = `${route.view}${"personId" in route && route.view === "person" ? route.personId : ""}`;
  const before = useRef(shown);
  useEffect(() => {
    if (before.current === shown) return;
    before.current = shown;
    arrive();
    scrollTo(0, 0);
  }, [shown]);
  useEffect(() => {
    const search = (event: KeyboardEvent) => {
      if (
        event.key !== "/" ||
        !shortcutsOn() ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isWriting(event.target)
      )
        return;
      event.preventDefault();
      document.getElementById("search")?.focus();
    };
    addEventListener("keydown", search);
    return () => removeEventListener("keydown", search);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function GraphiqlLink(): ReactElement {
  return (
    <a className="button" href={useGraphiqlLink()} title="Opens the query behind this view in GraphiQL">
      <Mark of="code" />
      <span className="wide">Copy as </span>GraphQL
    </a>
  );
}

function ThemeSwitch(): ReactElement {
  const [theme, other] = useTheme();
  return (
    <button
      type="button"
      className="button icon"
      aria-pressed={theme === "dark"}
      aria-label="Dark theme"
      onClick={other}
    >
      <Mark of={theme === "dark" ? "sun" : "moon"} />
    </button>
  );
}

function ConnectionNotice(): ReactElement {
  const { connection } = useLive();
  return (
    <div role="status" className={`connection ${connection}`}>
      {connection === "away" &&
        "The connection to the service is lost. What is shown may be old; it is being made again."}
      {connection === "polled" &&
        "Live updates are off: the service answers, but no WebSocket to it stays open. The page asks for news instead."}
    </div>
  );
}
