import { onReached } from "./live";

const wakers = new Set<() => void>();

onReached(tryNow);
globalThis.addEventListener?.("online", tryNow);

/**
 * Resolves after so many milliseconds, or as soon as it is worth trying: when the service that was away is reached, when
 * the browser is online again, or when somebody wants it so.
 */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      wakers.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    wakers.add(wake);
  });
}

/** Ends all pauses. */
export function tryNow(): void {
  for (const wake of [...wakers]) wake();
}
