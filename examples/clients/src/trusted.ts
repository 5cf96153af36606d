// No client at all: a typed document, asked for by its hash. The service may be told to run no others.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";

/** What graphql-codegen leaves beside a document when it persists it. */
type Persisted = { __meta__?: { hash?: string } };

export async function ask<Data, Variables>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const documentId = (document as Persisted).__meta__?.hash;
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ documentId, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${errors[0].extensions.code}: ${errors[0].message}`);
  return data;
}
