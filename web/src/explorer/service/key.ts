const PLACE = "orgraph.key";

let listeners: Array<() => void> = [];

/** The API key or token of this tab, which ends with it. */
export function currentKey(): string {
  try {
    return sessionStorage.getItem(PLACE) ?? "";
  } catch {
    // A browser that keeps nothing for this page: the key is asked for after each load.
    return "";
  }
}

/** Takes another key; an empty one forgets it. */
export function takeKey(key: string): void {
  try {
    if (key) sessionStorage.setItem(PLACE, key);
    else sessionStorage.removeItem(PLACE);
  } catch {
    return;
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
