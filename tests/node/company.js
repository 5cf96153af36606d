// The shipped company, read without orgraph: what its answers are held against.
import { readFileSync } from "node:fs";

const file = new URL("../../data/sourcegraph_2022.ndjson", import.meta.url);
const people = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));

/** The person with this id. */
export const byId = (id) => people.find((person) => person.id === id);

/** All who have this address. */
export const byAddress = (address) =>
  people.filter((person) => person.emailAddress?.toLowerCase() === address.toLowerCase());

export const nameOf = (person) => `${person.firstName} ${person.lastName}`;

/** Everybody below, by asking everybody who their manager is; the company has no rings. */
export function below(person) {
  const reports = people.filter((other) => other.managerId === person.id && other !== person);
  return reports.flatMap((report) => [report, ...below(report)]);
}

/** The managers, nearest first. */
export function above(person) {
  const manager = byId(person.managerId);
  return manager && manager !== person ? [manager, ...above(manager)] : [];
}
