import type { TypedDocumentString } from "../../gql/graphql";
import { send } from "../../send";
import { Fault, faultOf, type ToldError } from "./fault";
import { authorization } from "../../key";
import { observeAnswer, observeSnapshot, type SnapshotMark } from "./live";

interface Told<Answer> {
  data?: Answer | null;
  errors?: ToldError[];
  extensions?: { snapshot?: SnapshotMark };
}

/**
 * Asks the service. What a role isn't shown is null in the answer and no fault (`User.hidden` tells it); anything else
 * that leaves the answer without data throws a `Fault`.
 */
export async function ask<Answer, Variables>(
  document: TypedDocumentString<Answer, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer> {
  const body = JSON.stringify({ query: document.toString(), variables });
  const response = await put(body, signal);
  const told = await read<Answer>(response);
  if (told.extensions?.snapshot) observeSnapshot(told.extensions.snapshot);
  const fault = told.data ? undefined : whyNot(told, response);
  observeAnswer(fault?.code, told.extensions?.snapshot !== undefined);
  if (fault) throw fault;
  return told.data as Answer;
}

function whyNot(told: Told<unknown>, response: Response): Fault {
  const [error] = told.errors ?? [];
  const retryAfter = Number(response.headers.get("Retry-After")) || undefined;
  return error
    ? faultOf(error, retryAfter)
    : new Fault("OTHER", `the service answered ${response.status} without data`);
}

async function put(body: string, signal?: AbortSignal): Promise<Response> {
  try {
    return await send("/graphql", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json, application/json;q=0.9",
        ...authorization(),
      },
      body,
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Fault("NETWORK", "the service can't be reached");
  }
}

async function read<Answer>(response: Response): Promise<Told<Answer>> {
  try {
    return (await response.json()) as Told<Answer>;
  } catch {
    const away = response.status === 502 || response.status === 503 || response.status === 504;
    throw new Fault(away ? "NETWORK" : "OTHER", `the answer (${response.status}) can't be read`);
  }
}
