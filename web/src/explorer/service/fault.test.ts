import { describe, expect, it } from "vitest";

import { Fault, faultOf, pauseBefore } from "./fault";

describe("a fault", () => {
  it("has the code that was told, the seconds and the request", () => {
    const fault = faultOf(
      { message: "no", extensions: { code: "THROTTLED", requestId: "r", retryAfterSeconds: 7 } },
      9,
    );
    expect(fault).toMatchObject({ code: "THROTTLED", retryAfter: 7, requestId: "r", message: "no" });
    expect(faultOf({ message: "no", extensions: { code: "THROTTLED" } }, 9).retryAfter).toBe(9);
  });

  it.each([undefined, "INTERNAL_SERVER_ERROR", "SOMETHING_NEW", "NETWORK"])("told as %s is another one", (code) => {
    expect(faultOf({ message: "no", ...(code ? { extensions: { code } } : {}) }).code).toBe("OTHER");
  });
});

describe("the pause before asking again", () => {
  it.each(["UNAUTHENTICATED", "FORBIDDEN", "QUERY_TOO_COMPLEX", "OTHER"] as const)(
    "is none where it doesn't help: %s",
    (code) => {
      expect(pauseBefore(new Fault(code, ""), 0, 0.5)).toBeUndefined();
    },
  );

  it("is none for what isn't the service's", () => {
    expect(pauseBefore(new TypeError("a fault of the page's own"), 0, 0.5)).toBeUndefined();
  });

  it("grows while the service is away, up to half a minute and a quarter more", () => {
    const pauses = [0, 1, 2, 3, 4, 5, 50].map((attempt) => pauseBefore(new Fault("NETWORK", ""), attempt, 0.5));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(pauseBefore(new Fault("NETWORK", ""), 50, 1)).toBe(37_500);
  });

  it("is what the service said, and a second at least", () => {
    expect(pauseBefore(new Fault("THROTTLED", "", 7), 3, 0)).toBe(7_000);
    expect(pauseBefore(new Fault("THROTTLED", "", 0), 3, 0)).toBe(1_000);
    expect(pauseBefore(new Fault("THROTTLED", ""), 3, 0)).toBe(1_000);
  });

  it("is short while the first scan is under way", () => {
    expect(pauseBefore(new Fault("NOT_READY", ""), 40, 0)).toBe(2_000);
  });
});
