import type { ChainEnd, IssueKind, IssueSeverity, OrphanReason, SyncState } from "../gql/graphql";

const whole = new Intl.NumberFormat("en");

/** A count as it is read: `103,405`. */
export const count = (number: number): string => whole.format(number);

/** A count and its noun, which takes an `s` in the plural unless another form is given. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A number with one decimal at most; a dash where there is none. */
export const figure = (number: number | null | undefined): string =>
  number === null || number === undefined ? "–" : whole.format(Math.round(number * 10) / 10);

/** A span of time in its largest unit: `40 s`, `3 min`, `5 h`, `2 d`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** A moment as a clock on the wall and a calendar beside it tell it: `30 Nov 2026, 14:05:09`. */
export const moment = (told: string): string => clock.format(new Date(told));

/** Who somebody is, where Gong may know no name: the id stands in. */
export const nameOf = (person: { id: string; name?: string | null }): string => person.name?.trim() || person.id;

/** One or two letters for a person's mark. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters
    .map((word) => Array.from(word ?? "")[0] ?? "")
    .join("")
    .toUpperCase();
}

/** A hue from 0 to 359 that belongs to an id. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 100_003;
  return hash % 360;
}

/** Why a line is broken: as the name of a group, and of one person. */
export const ORPHANS: Record<OrphanReason, { group: string; one: string }> = {
  MANAGER_NOT_FOUND: { group: "Manager not found", one: "The manager isn’t in the workspace" },
  MANAGER_IS_SELF: { group: "Own manager", one: "Is their own manager" },
  MANAGEMENT_CYCLE: { group: "In a ring", one: "Is part of a ring" },
  MANAGER_INACTIVE: { group: "Manager inactive", one: "The manager is inactive" },
  NO_MANAGER: { group: "Alone", one: "Has no manager and no reports" },
};

/** What stands above the highest manager of a line. */
export const ENDS: Record<ChainEnd, string> = {
  ROOT: "Top of the company",
  MANAGER_NOT_FOUND: "The manager above isn’t in the workspace",
  SELF_MANAGED: "Own manager: the line ends here",
  CYCLE: "A ring: the line would go round for ever",
};

export const ISSUES: Record<IssueKind, string> = {
  DANGLING_MANAGER: "Manager not found",
  SELF_MANAGED: "Own manager",
  CYCLE: "Ring of managers",
  INACTIVE_MANAGER: "Inactive manager",
  ISOLATED: "Alone",
  MULTIPLE_ROOTS: "Several tops",
  DUPLICATE_EMAIL: "Shared address",
  DUPLICATE_ID: "Id listed twice",
  EXTREME_SPAN: "Very wide span",
  DEEP_CHAIN: "Very deep line",
  AVATAR_MANAGER: "Managed by an avatar",
};

export const SEVERITIES: Record<IssueSeverity, string> = { ERROR: "Error", WARNING: "Warning", INFO: "Note" };

/** What the sync is doing. */
export const SYNC: Record<SyncState, string> = {
  STARTING: "Starting",
  SYNCING: "Reading Gong",
  IDLE: "Up to date",
  RETRYING: "Trying again",
  QUARANTINED: "A scan is held back",
  UNAUTHORIZED: "Gong refuses the credentials",
  BUDGET_SPENT: "The day’s calls are spent",
};

/** The same where there is little room. */
export const BRIEFLY: Record<SyncState, string> = {
  ...SYNC,
  QUARANTINED: "Scan held back",
  UNAUTHORIZED: "Gong refuses",
  BUDGET_SPENT: "Calls are spent",
};
