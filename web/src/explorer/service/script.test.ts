import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

let isThere: boolean;
let state: unknown;
let reload: ReturnType<typeof vi.fn>;
beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  isThere = true;
  state = null;
  reload = vi.fn();
  vi.stubGlobal("fetch", async () => {
    if (!isThere) throw new TypeError("Failed to fetch");
    return new Response();
  });
  vi.stubGlobal("location", { pathname: "/", reload });
  vi.stubGlobal("history", {
    get state() {
      return state;
    },
    replaceState: (next: unknown) => (state = next),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

describe("a script", () => {
  it("that is there is fetched, once", async () => {
    const { fetchScript } = await import("./script");
    const load = vi.fn(async () => "script");
    expect(await fetchScript(load)).toBe("script");
    expect(load).toHaveBeenCalledTimes(1);
  });

  it("that fails once while the page is there is fetched again", async () => {
    const { fetchScript } = await import("./script");
    const load = vi.fn(async () => "script").mockImplementationOnce(gone);
    expect(await fetchScript(load)).toBe("script");
    expect(reload).not.toHaveBeenCalled();
  });

  it("is waited for while the service is away, and fetched as soon as somebody says so", async () => {
    const [{ fetchScript }, { tryNow }] = await Promise.all([import("./script"), import("./pause")]);
    isThere = false;
    const load = vi.fn<() => Promise<string>>(gone);
    const fetched = fetchScript(load);
    await vi.advanceTimersByTimeAsync(60_000);
    const tried = load.mock.calls.length;
    expect(tried).toBeGreaterThan(3);
    expect(tried).toBeLessThan(12);
    load.mockImplementation(async () => "script");
    isThere = true;
    tryNow();
    expect(await fetched).toBe("script");
    expect(reload).not.toHaveBeenCalled();
  });

  it("that is gone has the page loaded anew, and is told of when that was of no use", async () => {
    const { fetchScript, ScriptGone } = await import("./script");
    void fetchScript(gone);
    await vi.advanceTimersByTimeAsync(0);
    expect(reload).toHaveBeenCalledTimes(1);
    await expect(fetchScript(gone)).rejects.toBeInstanceOf(ScriptGone);
    expect(reload).toHaveBeenCalledTimes(1);
  });
});
