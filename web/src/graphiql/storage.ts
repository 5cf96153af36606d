const PERSISTS = "graphiql:shouldPersistHeaders";

/** What GraphiQL keeps that has an operation's headers in it: its history, though it keeps them out of its tabs. */
const HISTORY = ["graphiql:queries", "graphiql:favorites"];

/** Whether the user has asked for headers to be kept. */
export function keepsHeaders(storage: Storage): boolean {
  return storage.getItem(PERSISTS) === "true";
}

/**
 * Where GraphiQL keeps things: the browser's storage, but for the headers of operations, which are kept only if the user
 * has said so. They hold the key.
 */
export function withoutHeaders(storage: Storage): Pick<
  Storage,
  "getItem" | "setItem" | "removeItem" | "clear" | "length"
> {
  return {
    getItem: (key) => storage.getItem(key),
    setItem(key, value) {
      storage.setItem(key, HISTORY.includes(key) && !keepsHeaders(storage) ? stripped(value) : value);
      if (key === PERSISTS && value !== "true") {
        for (const kept of HISTORY) {
          const history = storage.getItem(kept);
          if (history !== null) storage.setItem(kept, stripped(history));
        }
      }
    },
    removeItem: (key) => storage.removeItem(key),
    clear() {
      for (const key of Object.keys(storage)) if (key.startsWith("graphiql:")) storage.removeItem(key);
    },
    get length() {
      return Object.keys(storage).filter((key) => key.startsWith("graphiql:")).length;
    },
  };
}

function stripped(history: string): string {
  return JSON.stringify(JSON.parse(history), (key, value: unknown) => (key === "headers" ? undefined : value));
}
