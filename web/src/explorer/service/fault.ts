/** Why a question has no answer, by the code that the service gives; `NETWORK` where it wasn't reached. */
export type FaultCode =
  | "NETWORK"
  | "NOT_READY"
  | "THROTTLED"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "QUERY_TOO_COMPLEX"
  | "UPSTREAM_UNAVAILABLE"
  | "OTHER";

const KNOWN: readonly string[] = [
  "NOT_READY",
  "THROTTLED",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "QUERY_TOO_COMPLEX",
  "UPSTREAM_UNAVAILABLE",
];

export class Fault extends Error {
  constructor(
    readonly code: FaultCode,
    message: string,
    /** Seconds until the service takes a question again. */
    readonly retryAfter?: number,
    readonly requestId?: string,
  ) {
    super(message);
    this.name = "Fault";
  }
}

export interface ToldError {
  message: string;
  extensions?: { code?: string; requestId?: string; retryAfterSeconds?: number; reason?: string };
}

/** What a told error is to the page. */
export function faultOf(error: ToldError, retryAfter?: number): Fault {
  const told = error.extensions?.code ?? "";
  const code = KNOWN.includes(told) ? (told as FaultCode) : "OTHER";
  return new Fault(code, error.message, error.extensions?.retryAfterSeconds ?? retryAfter, error.extensions?.requestId);
}

/**
 * How long to wait before a question is asked again, in milliseconds; undefined where asking again doesn't help.
 * `attempt` counts from 0; `chance` is from 0 to 1, so that many pages don't come back in one moment.
 */
export function pauseBefore(fault: unknown, attempt: number, chance: number): number | undefined {
  const code = fault instanceof Fault ? fault.code : "OTHER";
  const backOff = Math.min(30_000, 1_000 * 2 ** attempt) * (0.75 + chance / 2);
  switch (code) {
    case "NETWORK":
    case "UPSTREAM_UNAVAILABLE":
      return backOff;
    case "NOT_READY":
      return 2_000 + 1_000 * chance;
    case "THROTTLED":
      return 1_000 * Math.max(1, (fault as Fault).retryAfter ?? 1) + 500 * chance;
    default:
      return undefined;
  }
}
