const PLACE = "orgraph.key";

/** The key in a browser that keeps nothing for this page: it is asked for after each load. */
let untilLeft = "";

let listeners: Array<() => void> = [];

/** The API key or token of this tab, which ends with it. */
export function currentKey(): string {
  try {
    return sessionStorage.getItem(PLACE) ?? "";
  } catch {
    return untilLeft;
  }
}

/** Takes another key; an empty one forgets it. */
export function takeKey(key: string): void {
  try {
    if (key) sessionStorage.setItem(PLACE, key);
    else sessionStorage.removeItem(PLACE);
  } catch {
    untilLeft = key;
  }
  for (const listener of listeners) listener();
}

/** Calls back whenever another key is taken. */
export function onKey(listener: () => void): () => void {
  listeners = [...listeners, listener];
  return () => {
    listeners = listeners.filter((other) => other !== listener);
  };
}

/** The header that carries the key, where there is one. */
export function authorization(): { Authorization: string } | Record<string, never> {
  const key = currentKey();
  return key ? { Authorization: `Bearer ${key}` } : {};
}
