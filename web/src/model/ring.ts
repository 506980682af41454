// The last half hour as a ring of columns, one per second. A second has one place (second mod RING_COLUMNS), so a column
// is written once and never moved; what a slot holds is told by its stamp.
import { COLUMN_SIZE, cellIndex, MAX_REL_TICKS, MISSING, PLANES, RING_COLUMNS } from './grid';

export interface Span {
  first: number;
  last: number;
}

export class ColumnRing {
  private readonly cells = new Float32Array(RING_COLUMNS * COLUMN_SIZE);
  private readonly stamps = new Float64Array(RING_COLUMNS).fill(-1);
  private readonly spots = new Int32Array(RING_COLUMNS);

  slotOf(second: number): number {
    return ((second % RING_COLUMNS) + RING_COLUMNS) % RING_COLUMNS;
  }

  /** Keeps a column; refuses (false) one whose slot already holds a later second that is still inside [.., now]. */
  write(second: number, spotTick: number, column: Float32Array, now: number): boolean {
    if (column.length !== COLUMN_SIZE) throw new Error(`a column has ${COLUMN_SIZE} values, not ${column.length}`);
    const slot = this.slotOf(second);
    if (this.stamps[slot] > second && this.stamps[slot] <= now) return false;
    this.cells.set(column, slot * COLUMN_SIZE);
    this.stamps[slot] = second;
    this.spots[slot] = spotTick;
    return true;
  }

  has(second: number): boolean {
    return this.stamps[this.slotOf(second)] === second;
  }

  /** Absolute tick of the column's spot; 0 where there was none, or where the column is not kept. */
  spotTick(second: number): number {
    return this.has(second) ? this.spots[this.slotOf(second)] : 0;
  }

  column(second: number): Float32Array | null {
    if (!this.has(second)) return null;
    const start = this.slotOf(second) * COLUMN_SIZE;
    return this.cells.subarray(start, start + COLUMN_SIZE);
  }

  /** Value of a plane at an absolute tick; MISSING outside the column's rows. */
  value(second: number, tick: number, plane: number): number {
    const spot = this.spotTick(second);
    if (spot === 0 || plane >= PLANES || Math.abs(tick - spot) > MAX_REL_TICKS) return MISSING;
    return this.cells[this.slotOf(second) * COLUMN_SIZE + cellIndex(plane, tick - spot)];
  }

  /** Spans of seconds within [first, last] that are not kept, ascending. */
  missing(first: number, last: number): Span[] {
    const spans: Span[] = [];
    for (let second = first; second <= last; second++) {
      if (this.has(second)) continue;
      const open = spans.at(-1);
      if (open && open.last === second - 1) open.last = second;
      else spans.push({ first: second, last: second });
    }
    return spans;
  }

  clear(): void {
    this.stamps.fill(-1);
    this.spots.fill(0);
  }
}
