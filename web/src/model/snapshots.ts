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

type Column = Float64Array | Uint8Array;
const NAMES = [
  'second',
  'bidPriceInt',
  'askPriceInt',
  'bidQty',
  'askQty',
  'mid',
  'spotRefPriceInt',
  'bookValid',
  'crossed',
  'epoch',
  'recordCount',
  'tradeCount',
  'anomalyCount',
  'lateCount',
] as const satisfies (keyof SnapshotColumns)[];
const FLAGS: readonly string[] = ['bookValid', 'crossed'];

/** Columns of so many rows, of which `make` says the content. */
function columnsOf(rows: number, make: (name: keyof SnapshotColumns, column: Column) => Column): SnapshotColumns {
  const made = (name: keyof SnapshotColumns) =>
    make(name, FLAGS.includes(name) ? new Uint8Array(rows) : new Float64Array(rows));
  return Object.fromEntries(NAMES.map((name) => [name, made(name)])) as unknown as SnapshotColumns;
}

/** As much again is kept free when rows come one by one. */
const SPARE_ROWS = 4096;

export class Snapshots {
  /** Room for rows to come, of which `columns` shows those that are there. */
  private room: SnapshotColumns;

  constructor(public columns: SnapshotColumns) {
    this.room = columns;
  }

  static empty(): Snapshots {
    return new Snapshots(columnsOf(0, (_, none) => none));
  }

  /** Rows of other seconds, ascending among themselves; of a second that is there already, the new row stays. */
  add(more: SnapshotColumns): void {
    const rows = more.second.length;
    if (rows === 0) return;
    if (this.length > 0 && more.second[0] <= this.last) return this.mix(more);
    const length = this.length + rows;
    if (length > this.room.second.length) {
      const before = this.columns;
      this.room = columnsOf(length + SPARE_ROWS, (name, column) => {
        column.set(before[name]);
        return column;
      });
    }
    for (const name of NAMES) this.room[name].set(more[name], this.length);
    this.columns = columnsOf(0, (name) => this.room[name].subarray(0, length));
  }

  /** Rows that lie among those there are. */
  private mix(more: SnapshotColumns): void {
    const before = this.columns;
    const places = new Map<number, [SnapshotColumns, number]>();
    for (const columns of [before, more])
      columns.second.forEach((second, row) => {
        places.set(second, [columns, row]);
      });
    const rows = [...places].sort(([a], [b]) => a - b).map(([, place]) => place);
    this.columns = this.room = columnsOf(rows.length, (name, column) => {
      rows.forEach(([columns, row], i) => {
        column[i] = columns[name][row];
      });
      return column;
    });
  }

  /** The first second from `first` on that is not there. */
  firstMissing(first: number): number {
    let row = this.rowOf(first);
    if (row < 0) return first;
    const seconds = this.columns.second;
    while (row + 1 < seconds.length && seconds[row + 1] === seconds[row] + 1) row++;
    return seconds[row] + 1;
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
