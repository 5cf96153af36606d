// The demo's people, read without orgraph: what its answers are held against.
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Person = { id: string; firstName: string; lastName: string; managerId?: string | null };

const file = join(import.meta.dirname, "../../../data/sourcegraph_2022.ndjson");
export const people: Person[] = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));

/** Everybody below; the company has no rings. */
export function below(id: string): Person[] {
  return people.filter((one) => one.managerId === id && one.id !== id).flatMap((one) => [one, ...below(one.id)]);
}

/** The one with most people below. */
export const TOP = people.filter((one) => !one.managerId).sort((a, b) => below(b.id).length - below(a.id).length)[0]!;
export const PRODUCT_MANAGER = "5890035489863796602";
