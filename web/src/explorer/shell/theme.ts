import { useSyncExternalStore } from "react";

type Theme = "light" | "dark";

const PLACE = "orgraph.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
let listeners: Array<() => void> = [];

/** Shows the theme that was chosen on this browser, or the system's where none was. */
export function applyTheme(): void {
  const theme = chosen();
  if (theme) document.documentElement.dataset["theme"] = theme;
}

/** The theme that is shown, and what switches to the other one. */
export function useTheme(): [Theme, () => void] {
  const theme = useSyncExternalStore(subscribe, current);
  return [theme, () => choose(theme === "dark" ? "light" : "dark")];
}

function choose(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(PLACE, theme);
  } catch {
    // A browser that keeps nothing: the choice holds until the page is left.
  }
  for (const listener of listeners) listener();
}

function current(): Theme {
  const shown = document.documentElement.dataset["theme"];
  if (shown === "light" || shown === "dark") return shown;
  return dark.matches ? "dark" : "light";
}

function chosen(): Theme | undefined {
  try {
    const kept = localStorage.getItem(PLACE);
    return kept === "light" || kept === "dark" ? kept : undefined;
  } catch {
    return undefined;
  }
}

function subscribe(listener: () => void): () => void {
  listeners = [...listeners, listener];
  dark.addEventListener("change", listener);
  return () => {
    listeners = listeners.filter((other) => other !== listener);
    dark.removeEventListener("change", listener);
  };
}
