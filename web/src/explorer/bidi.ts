const OPENS_ISOLATE = /[\u2066-\u2068]/;
const ENDS_ISOLATE = "\u2069";
/** What ends a paragraph in Unicode's bidirectional algorithm, and with it every isolate. */
const ENDS_PARAGRAPH = /[\n\r\x1c-\x1e\x85\u2029]/g;

/**
 * People's text in a title or in a label, as `<bdi>` has it in the page: its direction is its own, and what is about it keeps
 * its place.
 */
export const isolated = (text: string): string => `\u2068${balanced(text)}${ENDS_ISOLATE}`;

/**
 * The same text, which doesn't get out of the isolate that it is put in: in itself it ends as many isolates as it opens.
 * Embeddings and overrides that it leaves open end with the isolate anyway.
 */
export function balanced(text: string): string {
  let open = 0;
  let kept = "";
  for (const letter of text.replace(ENDS_PARAGRAPH, " ")) {
    if (letter === ENDS_ISOLATE && open === 0) continue;
    if (letter === ENDS_ISOLATE) open -= 1;
    if (OPENS_ISOLATE.test(letter)) open += 1;
    kept += letter;
  }
  return kept + ENDS_ISOLATE.repeat(open);
}
