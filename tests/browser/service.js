// `orgraph serve` in front of a Gong of the test's own, which can be told to change and to be read again.
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BINARY = process.env.ORGRAPH_BINARY ?? fileURLToPath(new URL("../../target/debug/orgraph", import.meta.url));

// The flags below and nothing else.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ORGRAPH|GONG)_/.test(name)));

/** Runs a command of orgraph's and resolves with what it prints. */
export const orgraph = async (...words) =>
  (await promisify(execFile)(BINARY, words, { env: environment })).stdout.trim();

/**
 * Starts it with these further arguments, as fast as this Gong answers; resolves when it listens, which is before
 * anybody is read: `{ origin, sync(), read(), stop() }`, where `sync()` has Gong read once more, and `read()` waits until
 * it has been read for the first time.
 */
export async function serve(gong, ...more) {
  const flags = [
    ...(more.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"]),
    "--admin",
    "127.0.0.1:0",
    "--refresh-interval",
    "7d",
    "--log-format",
    "json",
  ];
  const pace = ["--gong-max-per-second", "1000", "--gong-daily-budget", "1000000"];
  const child = spawn(BINARY, ["serve", ...flags, ...pace, ...more], {
    env: { ...environment, GONG_BASE_URL: gong.url, GONG_ACCESS_KEY: "key", GONG_ACCESS_KEY_SECRET: "secret" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const { address, door } = await introduced(child);
  const origin = `http://${address}`;
  return {
    origin,
    sync: () => orgraph("sync", "--admin", door),
    async read() {
      while ((await fetch(`${origin}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
    },
    async stop() {
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** Where it says that it listens, and where its operators come in. */
async function introduced(child) {
  const told = {};
  const lines = createInterface({ input: child.stderr });
  const last = [];
  for await (const line of lines) {
    last.push(line);
    const { door, address } = JSON.parse(line);
    if (door) told.door = door;
    if (address) told.address = address;
    if (told.door && told.address) {
      // Whatever it says from now on is not kept, and doesn't fill the pipe.
      lines.close();
      child.stderr.resume();
      return told;
    }
  }
  throw new Error(`orgraph has ended: ${last.join("\n")}`);
}
