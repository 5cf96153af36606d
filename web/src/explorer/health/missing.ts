interface Orphan {
  id: string;
  name?: string | null;
  managerId?: string | null;
  everybodyBelow: number;
}

export interface MissingManager {
  managerId: string;
  /** Who names the manager. */
  people: Orphan[];
  /** They, and everybody below them. */
  everybody: number;
}

/** Puts orphans together by the manager whom they name, the one with most people under it first. */
export function byManager(orphans: readonly Orphan[]): MissingManager[] {
  const managers = new Map<string, MissingManager>();
  for (const person of orphans) {
    const managerId = person.managerId ?? "";
    const manager = managers.get(managerId) ?? { managerId, people: [], everybody: 0 };
    manager.people.push(person);
    manager.everybody += 1 + person.everybodyBelow;
    managers.set(managerId, manager);
  }
  return [...managers.values()].sort((a, b) => b.everybody - a.everybody);
}
