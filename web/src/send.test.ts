import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** A module that has sent nothing yet, in front of these answers, and the cookies that each request had leave to bring. */
async function inFrontOf(...answers: Response[]) {
  const allowed: (RequestCredentials | undefined)[] = [];
  vi.stubGlobal("fetch", async (_: unknown, how?: RequestInit) => {
    allowed.push(how?.credentials);
    return answers.shift();
  });
  const { send } = await import("./send.ts");
  return { send, allowed };
}

const json = (status: number) => new Response("{}", { status, headers: { "content-type": "application/json" } });
const page = (status: number) => new Response("<p>", { status, headers: { "content-type": "text/html" } });

test("what the service refuses is told, and no cookie is sent for it", async () => {
  const { send, allowed } = await inFrontOf(json(200), json(401), json(403));
  for (const status of [200, 401, 403]) expect((await send("/graphql")).status).toBe(status);
  expect(allowed).toEqual(["omit", "omit", "omit"]);
});

test("a proxy that wants its cookies has them, from then on", async () => {
  for (const refused of [page(401), page(403), Object.defineProperty(page(200), "type", { value: "opaqueredirect" })]) {
    vi.resetModules();
    const { send, allowed } = await inFrontOf(refused, json(200), json(200));
    expect((await send("/graphql")).status).toBe(200);
    expect((await send("/graphql")).status).toBe(200);
    expect(allowed).toEqual(["omit", "same-origin", "same-origin"]);
  }
});
