/**
 * With cookies a browser answers a refusal itself, with a box for a name and a password, and what was asked waits behind
 * it. So there are none, unless something in front of the service wants them: a proxy that people have signed in at.
 */
let credentials: RequestCredentials = "omit";

/** `fetch`, without cookies as long as it is the service that answers. */
export async function send(asked: RequestInfo | URL, how?: RequestInit): Promise<Response> {
  if (credentials === "omit") {
    const response = await fetch(asked, { ...how, credentials, redirect: "manual" });
    if (!isTurnedAway(response)) return response;
    credentials = "same-origin";
  }
  return fetch(asked, { ...how, credentials });
}

/** Whether something else than the service has answered: it says in JSON why it refuses, and leads nowhere else. */
function isTurnedAway({ type, status, headers }: Response): boolean {
  const refused = status === 401 || status === 403;
  return type === "opaqueredirect" || (refused && !/json/.test(headers.get("content-type") ?? ""));
}
