/** A place on a drawing, in its own units. */
export interface Point {
  x: number;
  y: number;
}

export interface RingDrawing {
  /** The side of the square that everything is in. */
  size: number;
  /** Where each member stands, the first at the top and the others clockwise. */
  members: Point[];
  /** From each member an arc to the next, who is the manager; it ends short of the circles at both ends. */
  arcs: string[];
}

/** The half of a member's circle. */
export const MEMBER = 15;
const MARGIN = MEMBER + 4;

/** The most members that are drawn one by one: more would touch each other. */
export const DRAWN = 24;

/** Lays the members of a ring on a circle that has room for them; nobody for a number below one. */
export function drawRing(length: number): RingDrawing {
  const number = Math.max(0, Math.min(DRAWN, Math.floor(length)));
  const radius = Math.max(44, (number * (MEMBER * 2 + 14)) / (2 * Math.PI));
  const size = 2 * (radius + MARGIN);
  const at = (angle: number): Point => ({
    x: size / 2 + radius * Math.sin(angle),
    y: size / 2 - radius * Math.cos(angle),
  });
  const turn = (2 * Math.PI) / Math.max(1, number);
  // So much of the circle a member and a little air take.
  const away = (MEMBER + 5) / radius;
  const members = Array.from({ length: number }, (_, index) => at(index * turn));
  const arcs = members.map((_, index) => {
    const from = at(index * turn + away);
    const to = at((index + 1) * turn - away);
    const large = turn - 2 * away > Math.PI ? 1 : 0;
    return `M${round(from.x)} ${round(from.y)}A${round(radius)} ${round(radius)} 0 ${large} 1 ${round(to.x)} ${round(to.y)}`;
  });
  return { size, members, arcs };
}

const round = (number: number): number => Math.round(number * 10) / 10;
