const PERSISTS = "graphiql:shouldPersistHeaders";

const TABS = "graphiql:tabState";

/** What GraphiQL keeps that has an operation's headers in it. */
const OPERATIONS = ["graphiql:queries", "graphiql:favorites", TABS];

/** Those of the operation that is being written. */
const HEADERS = "graphiql:headers";

/** What is used of the browser's storage. */
type Keeping = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Where this browser keeps things; one that refuses to keeps them until the page is left. */
export function keptHere(): Keeping {
  try {
    return localStorage;
  } catch {
    return new Memory();
  }
}

/** Keeps things as long as it is there itself. */
export class Memory implements Keeping {
  readonly #kept = new Map<string, string>();

  get length(): number {
    return this.#kept.size;
  }

  key(place: number): string | null {
    return [...this.#kept.keys()][place] ?? null;
  }

  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#kept.set(key, value);
  }

  removeItem(key: string): void {
    this.#kept.delete(key);
  }
}

/** Whether the user has asked for headers to be kept. */
export function keepsHeaders(storage: Keeping): boolean {
  return storage.getItem(PERSISTS) === "true";
}

/**
 * Where GraphiQL keeps things: the browser's storage, but for the headers of operations, which are kept only if the user
 * has said so. They hold the key. GraphiQL leaves them out of its tabs but not out of its history, and writes tabs a
 * moment late, with what was said before; what it wants kept it writes just before it says so.
 */
export function withoutHeaders(storage: Keeping): Pick<
  Storage,
  "getItem" | "setItem" | "removeItem" | "clear" | "length"
> {
  const withheld = new Map<string, string>();
  const keys = () =>
    Array.from({ length: storage.length }, (_, place) => storage.key(place) ?? "").filter((key) =>
      key.startsWith("graphiql:"),
    );
  return {
    getItem: (key) => storage.getItem(key),
    setItem(key, value) {
      const fit = keepsHeaders(storage) ? value : stripped(key, value);
      if (fit !== value) withheld.set(key, value);
      storage.setItem(key, fit);
      if (key !== PERSISTS) return;
      for (const kept of [...OPERATIONS, HEADERS]) {
        const operations = value === "true" ? withheld.get(kept) : storage.getItem(kept);
        if (operations != null) storage.setItem(kept, value === "true" ? operations : stripped(kept, operations));
      }
      withheld.clear();
    },
    removeItem: (key) => storage.removeItem(key),
    clear() {
      for (const key of keys()) storage.removeItem(key);
    },
    get length() {
      return keys().length;
    },
  };
}

function stripped(key: string, value: string): string {
  if (key === HEADERS) return "";
  if (!OPERATIONS.includes(key)) return value;
  // GraphiQL takes no tab back that says nothing of headers, and calls an operation of the history another if it has `null`.
  const none = key === TABS ? null : undefined;
  return JSON.stringify(JSON.parse(value), (name, part: unknown) => (name === "headers" ? none : part));
}
