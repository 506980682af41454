// The options surface of the last half hour: a column of strikes a second, in the same slots as the fields (ring.ts).
import { MISSING, RING_COLUMNS } from './grid';
import { type StrikeGrid, strikeCount, strikeRow } from './strikes';

export class StrikeRing {
  readonly rows: number;
  private readonly values: Float32Array;
  private readonly stamps = new Float64Array(RING_COLUMNS).fill(-1);
  private readonly spots = new Int32Array(RING_COLUMNS);

  constructor(readonly grid: StrikeGrid) {
    this.rows = strikeCount(grid);
    this.values = new Float32Array(RING_COLUMNS * this.rows).fill(MISSING);
  }

  /** Keeps a column in a slot; null is a second without options. Whether it may is decided by the ring of the fields. */
  write(slot: number, second: number, spotTick: number, column: Float32Array | null): void {
    if (column && column.length !== this.rows)
      throw new Error(`a column has ${this.rows} strikes, not ${column.length}`);
    const start = slot * this.rows;
    if (column) this.values.set(column, start);
    else this.values.fill(MISSING, start, start + this.rows);
    this.stamps[slot] = second;
    this.spots[slot] = column ? spotTick : 0;
  }

  /** The column of a slot with its second and spot; null where the slot is empty or the second has no options. */
  inSlot(slot: number): { second: number; spotTick: number; values: Float32Array } | null {
    if (this.stamps[slot] < 0 || this.spots[slot] === 0) return null;
    const values = this.values.subarray(slot * this.rows, (slot + 1) * this.rows);
    return { second: this.stamps[slot], spotTick: this.spots[slot], values };
  }

  /** Value at an absolute strike; MISSING where there is none. */
  value(slot: number, second: number, strike: number): number {
    if (this.stamps[slot] !== second || this.spots[slot] === 0) return MISSING;
    const row = strikeRow(strike, this.spots[slot], this.grid);
    return row < 0 || row >= this.rows ? MISSING : this.values[slot * this.rows + row];
  }
}
