// Whom somebody has jumped to, and whose card isn't known to be in the page yet.
let awaited: string | undefined;

/** Has the card of this person take the focus as soon as it is known where it stands. */
export function jumpTo(personId: string): void {
  awaited = personId;
}

/** Whether this person's card is the one; true once. */
export function takeJump(personId: string): boolean {
  if (awaited !== personId) return false;
  awaited = undefined;
  return true;
}
