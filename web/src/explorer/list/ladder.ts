/** The most that the service passes over in one question. */
const STRIDE = 1_000;

/** A question that passes over `count` people, from the place of a cursor on, or back from it. */
export interface Hop {
  forward: boolean;
  count: number;
  /** Null at the beginning, or going back at the end, of the list. */
  from: string | null;
}

/** Where a hop has come to: the cursor of the last one passed, and how long the list is now. */
export interface Landing {
  cursor: string | null;
  totalCount: number;
}

/**
 * Cursors to a long list by their positions, so that any place of it can be shown without loading what is before: a hop
 * asks for a cursor alone and passes over a thousand people. The cursor at a position stands before the person there;
 * none is needed at 0. From either end the farthest place of 100,000 people is 50 hops away, and every place that was
 * reached is a rung for the next. One ladder is of one list in one snapshot.
 */
export class Ladder {
  private readonly rungs = new Map<number, string | null>([[0, null]]);
  private walk: Promise<unknown> = Promise.resolve();

  constructor(
    private total: number,
    private readonly hop: (hop: Hop, signal?: AbortSignal) => Promise<Landing>,
  ) {}

  /** Whether the position can be shown without a hop. */
  knows(position: number): boolean {
    return this.rungs.has(position);
  }

  /** Takes note of a cursor that came with a page, and of the length of the list. */
  note(position: number, cursor: string | null, totalCount: number): void {
    this.total = totalCount;
    if (cursor !== null) this.rungs.set(position, cursor);
  }

  /** The cursor to read on from at this position. Walks are made one after the other, so that none is made twice. */
  reach(position: number, signal?: AbortSignal): Promise<string | null> {
    const walk = this.walk.then(() => this.climb(position, signal));
    this.walk = walk.catch(() => undefined);
    return walk;
  }

  private async climb(position: number, signal?: AbortSignal): Promise<string | null> {
    for (;;) {
      signal?.throwIfAborted();
      const known = this.rungs.get(position);
      if (known !== undefined) return known;
      const step = nextStep([...this.rungs.keys()], position, this.total);
      const { cursor, totalCount } = await this.hop(
        { forward: step.forward, count: step.count, from: this.rungs.get(step.at) ?? null },
        signal,
      );
      // The list ends before the position: there is nothing to be shown there.
      if (cursor === null) return this.rungs.get(step.at) ?? null;
      this.rungs.set(step.forward ? step.at + step.count : step.at - step.count, cursor);
      this.total = totalCount;
    }
  }
}

/**
 * The hop that comes next on the shorter way to a position from those that are known. Going back, the end of the list
 * counts as one position beyond the last person, whose own cursor is what a hop back from there ends with.
 */
export function nextStep(
  known: readonly number[],
  position: number,
  total: number,
): { forward: boolean; count: number; at: number } {
  const below = Math.max(...known.filter((at) => at < position));
  const above = Math.min(total + 1, ...known.filter((at) => at > position));
  const up = position - below;
  const down = above - position;
  const forward = position > total || Math.ceil(up / STRIDE) <= Math.ceil(down / STRIDE);
  return forward
    ? { forward, count: Math.min(STRIDE, up), at: below }
    : { forward, count: Math.min(STRIDE, down), at: above };
}
