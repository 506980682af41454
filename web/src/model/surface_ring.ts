// Seconds of one surface in the slots of the ring (ring.ts). Also keeps which seconds were asked for and have nothing, so that they
// are not asked for again.
import { RING_COLUMNS } from './grid';
import type { Span } from './ring';

export class SurfaceRing<Column extends { second: number }> {
  private readonly columns: (Column | null)[] = new Array(RING_COLUMNS).fill(null);
  private readonly stamps = new Float64Array(RING_COLUMNS).fill(-1);

  /** Null is a second without rows. Refuses (false) a second whose slot holds a later one that is still inside [.., now]. */
  write(second: number, column: Column | null, now: number): boolean {
    const slot = this.slotOf(second);
    if (this.stamps[slot] > second && this.stamps[slot] <= now) return false;
    this.columns[slot] = column;
    this.stamps[slot] = second;
    return true;
  }

  at(second: number): Column | null {
    return this.has(second) ? this.columns[this.slotOf(second)] : null;
  }

  inSlot(slot: number): Column | null {
    return this.columns[slot];
  }

  has(second: number): boolean {
    return this.stamps[this.slotOf(second)] === second;
  }

  /** The newest span of seconds within [first, last] that is not kept, at most so many; null: all are. */
  newestMissing(first: number, last: number, most: number): Span | null {
    let end = last;
    while (end >= first && this.has(end)) end--;
    if (end < first) return null;
    let begin = end;
    while (begin > first && !this.has(begin - 1) && end - begin + 1 < most) begin--;
    return { first: begin, last: end };
  }

  clear(): void {
    this.columns.fill(null);
    this.stamps.fill(-1);
  }

  private slotOf(second: number): number {
    return ((second % RING_COLUMNS) + RING_COLUMNS) % RING_COLUMNS;
  }
}
