const PLACE = "orgraph.shortcuts";

/**
 * Whether keys that write something are shortcuts too. Whoever speaks to the computer, or whose hand shakes, wants them
 * off: they come by accident.
 */
export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(PLACE) !== "off";
  } catch {
    return true;
  }
}

export function switchShortcuts(on: boolean): void {
  try {
    localStorage.setItem(PLACE, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing: they stay on.
  }
}
