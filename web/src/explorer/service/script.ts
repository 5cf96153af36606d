import { useSyncExternalStore } from "react";

import { Fault, pauseBefore } from "./fault";
import { pause } from "./pause";

/** A part of the page that the service has no more, not even for a page that has just been loaded. */
export class ScriptGone extends Error {}

/** How many parts are waited for since the service can't be reached. */
let waiting = 0;
let listeners: Array<() => void> = [];

/**
 * Fetches a script of the page, however long the service is away. One that can't be had while the page itself is there
 * is gone: the service was upgraded under an open tab. A page that is loaded anew then has its successor, so that is
 * done, once for an address. (It also helps a browser that remembers a script as one that couldn't be had.)
 */
export async function fetchScript<Script>(load: () => Promise<Script>): Promise<Script> {
  let wasThere = false;
  let isWaiting = false;
  try {
    for (let attempt = 0; ; attempt += 1) {
      const script = await load().catch(() => undefined);
      if (script !== undefined) return script;
      const isThere = await isPageThere();
      if (isThere && wasThere) return await loadAnewOnce();
      wasThere = isThere;
      if (isThere) continue;
      if (!isWaiting) note(1);
      isWaiting = true;
      await pause(pauseBefore(new Fault("NETWORK", ""), attempt, Math.random()) ?? 0);
    }
  } finally {
    if (isWaiting) note(-1);
  }
}

/** Whether a part of the page is waited for since the service can't be reached. */
export function useWaiting(): boolean {
  return useSyncExternalStore(subscribe, () => waiting > 0);
}

/** Whether whoever loads this page anew would get one, be it from a proxy that has people sign in first. */
async function isPageThere(): Promise<boolean> {
  try {
    const { type, status } = await fetch(location.pathname, { method: "HEAD", cache: "no-store", redirect: "manual" });
    return type === "opaqueredirect" || status < 500;
  } catch {
    return false;
  }
}

/** The entry in the history says whether it was done before: it outlives a load, and a browser that keeps nothing has it. */
function loadAnewOnce(): Promise<never> {
  if (wasLoadedAnew()) throw new ScriptGone("the service doesn't have a part of this page");
  history.replaceState({ loadedAnew: true }, "");
  location.reload();
  return new Promise(() => {});
}

function wasLoadedAnew(): boolean {
  return (history.state as { loadedAnew?: boolean } | null)?.loadedAnew === true;
}

function note(more: number): void {
  waiting += more;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners = [...listeners, listener];
  return () => {
    listeners = listeners.filter((other) => other !== listener);
  };
}
