// `orgraph demo` as a process of its own, on a port of its own.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";

const BINARY = process.env.ORGRAPH_BINARY ?? join(import.meta.dirname, "../../../target/debug/orgraph");

/** Starts it with these flags; resolves when everybody is read. */
export async function startOrgraph(...flags: string[]) {
  const told = Object.entries(process.env).filter(([name]) => !/^(ORGRAPH|GONG|OTEL)_/.test(name));
  const child = spawn(BINARY, ["demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", ...flags], {
    env: Object.fromEntries(told),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    url = /^GraphQL\s+(\S+)$/.exec(line)?.[1];
    if (url) break;
  }
  if (!url) throw new Error(`${BINARY} has ended before it served`);
  child.stdout.resume();
  return {
    url,
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}
