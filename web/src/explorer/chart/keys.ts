import { shortcutsOn } from "../shell/shortcuts";

/** How many cards a press of Page Down passes over. */
const LEAP = 10;

/** What a key does on a card: the place it goes to, or what becomes of the card's person. */
export type Action = number | "into" | "open" | "leave" | "person" | "move";

/** The action of a key on the card at a place of a list of so many; none where the key has none. */
export function actionOf(key: string, at: number, total: number): Action | undefined {
  switch (key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return at - 1;
    case "PageDown":
      return at + LEAP;
    case "PageUp":
      return at - LEAP;
    case "Home":
      return 0;
    case "End":
      return total - 1;
    case "ArrowRight":
      return "into";
    case "ArrowLeft":
      return "leave";
    case "Enter":
    case " ":
      return "open";
    case "p":
      return shortcutsOn() ? "person" : undefined;
    case "m":
      return shortcutsOn() ? "move" : undefined;
    default:
      return undefined;
  }
}
