// `orgraph demo` as a process of its own: the service over the shipped company.
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BINARY = process.env.ORGRAPH_BINARY ?? fileURLToPath(new URL("../../target/debug/orgraph", import.meta.url));

// The flags below and nothing else.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(ORGRAPH|GONG)_/.test(name)),
);

/** Runs another command of it to its end, and returns what that has written. */
export async function runOrgraph(...words) {
  const { stdout } = await promisify(execFile)(BINARY, words, { env: environment });
  return stdout;
}

/** Starts it on a port of its own, with these further arguments; resolves when everybody is read. */
export async function startOrgraph(...more) {
  const child = spawn(BINARY, ["demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", ...more], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const failed = new Promise((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${BINARY} has ended with ${code}`)));
  });
  failed.catch(() => {});
  const introduced = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const [, url] = /^GraphQL\s+(\S+)$/.exec(line) ?? [];
      if (url) return url;
    }
    return failed;
  })();
  const url = await Promise.race([introduced, failed]);
  child.stdout.resume();
  return {
    url,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}
