// The whole session's book_snapshot_1s as arrays: best prices, small series, and how good the data of each second are.

/** Plain arrays so that they cross from the worker without being copied. Seconds are window ends, ascending. */
export interface SnapshotColumns {
  second: Float64Array;
  /** 1e-9; whole numbers below 2^53, so exact. */
  bidPriceInt: Float64Array;
  askPriceInt: Float64Array;
  bidQty: Float64Array;
  askQty: Float64Array;
  mid: Float64Array;
  spotRefPriceInt: Float64Array;
  bookValid: Uint8Array;
  crossed: Uint8Array;
  epoch: Float64Array;
  recordCount: Float64Array;
  tradeCount: Float64Array;
  anomalyCount: Float64Array;
  lateCount: Float64Array;
}

/** Bits of a second's quality, as the shader reads them. */
export const KNOWN = 1;
export const INVALID = 2;
export const NEW_EPOCH = 4;
export const CROSSED = 8;
export const LATE = 16;
export const ANOMALY = 32;

export class Snapshots {
  constructor(readonly columns: SnapshotColumns) {}

  static empty(): Snapshots {
    const none = () => new Float64Array(0);
    return new Snapshots({
      second: none(),
      bidPriceInt: none(),
      askPriceInt: none(),
      bidQty: none(),
      askQty: none(),
      mid: none(),
      spotRefPriceInt: none(),
      bookValid: new Uint8Array(0),
      crossed: new Uint8Array(0),
      epoch: none(),
      recordCount: none(),
      tradeCount: none(),
      anomalyCount: none(),
      lateCount: none(),
    });
  }

  get length(): number {
    return this.columns.second.length;
  }

  get first(): number {
    return this.columns.second[0] ?? 0;
  }

  get last(): number {
    return this.columns.second[this.length - 1] ?? 0;
  }

  /** Row of a second, -1 if the session has none. Seconds are nearly always consecutive, so look there first. */
  rowOf(second: number): number {
    const seconds = this.columns.second;
    const guess = second - this.first;
    if (seconds[guess] === second) return guess;
    let [low, high] = [0, seconds.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (seconds[middle] === second) return middle;
      if (seconds[middle] < second) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  quality(second: number): number {
    const row = this.rowOf(second);
    if (row < 0) return 0;
    const c = this.columns;
    let bits = KNOWN;
    if (!c.bookValid[row]) bits |= INVALID;
    if (row > 0 && c.epoch[row] !== c.epoch[row - 1]) bits |= NEW_EPOCH;
    if (c.crossed[row]) bits |= CROSSED;
    if (c.lateCount[row] > 0) bits |= LATE;
    if (c.anomalyCount[row] > 0) bits |= ANOMALY;
    return bits;
  }

  /** Mid of the first second that has one; 0 if none has. What "change since the start" is measured from. */
  firstMid(): number {
    return this.columns.mid.find((mid) => mid > 0) ?? 0;
  }
}

const count = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** What is wrong with a second, in words; empty for a clean one. */
export function qualityWords(snapshots: Snapshots, second: number): string[] {
  const row = snapshots.rowOf(second);
  if (row < 0) return ['no data for this second'];
  const bits = snapshots.quality(second);
  const c = snapshots.columns;
  const words: string[] = [];
  if (bits & INVALID) words.push('book invalid: gap or unfinished snapshot, fields not shown');
  if (bits & NEW_EPOCH) words.push('book restarted here: clear, snapshot or gap');
  if (bits & CROSSED) words.push('book crossed: bid at or above ask');
  if (bits & LATE) words.push(count(c.lateCount[row], 'late record'));
  if (bits & ANOMALY) words.push(`${count(c.anomalyCount[row], 'record')} at odds with the book`);
  return words;
}
