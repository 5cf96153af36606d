// Whether `node_modules` holds what the lock file says, by npm's own record of what it has put there. Ends with 1 if
// it doesn't: then `npm ci` is due.
import { readFileSync } from "node:fs";

const packages = (file) => {
  try {
    return JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8")).packages ?? {};
  } catch {
    return {};
  }
};

const wanted = packages("../package-lock.json");
const there = packages("../node_modules/.package-lock.json");
const same = (one, other) => one?.version === other?.version && one?.integrity === other?.integrity;

// A package for another system isn't there, and needn't be.
const missing = Object.entries(wanted).filter(
  ([path, it]) => path !== "" && !same(it, there[path]) && !(it.optional && !there[path]),
);
const strange = Object.keys(there).filter((path) => !wanted[path]);
process.exitCode = missing.length + strange.length > 0 || Object.keys(there).length === 0 ? 1 : 0;
