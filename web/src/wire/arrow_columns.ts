// Arrow columns as plain arrays. 64-bit integers arrive as BigInt and leave as exact numbers, or not at all.
import { type Table, tableFromIPC, type Vector } from 'apache-arrow';

export class WireError extends Error {}

export function readTable(bytes: ArrayBuffer | Uint8Array, columns: readonly string[], surface: string): Table {
  let table: Table;
  try {
    table = tableFromIPC(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  } catch (error) {
    throw new WireError(`${surface}: not an Arrow stream (${error instanceof Error ? error.message : String(error)})`);
  }
  const present = new Set(table.schema.fields.map((field) => field.name));
  const absent = columns.filter((name) => !present.has(name));
  if (absent.length > 0) throw new WireError(`${surface}: column ${absent.join(', ')} is not in the stream`);
  return table;
}

function column(table: Table, name: string): Vector {
  const found = table.getChild(name);
  if (!found) throw new WireError(`column ${name} is not in the stream`);
  return found as Vector;
}

/** A column without nulls is read as one typed array, else value by value with `missing` in place of null. */
export function numbers(table: Table, name: string, missing: number): Float64Array {
  const vector = column(table, name);
  const out = new Float64Array(table.numRows);
  if (out.length === 0) return out;
  if (vector.nullCount > 0) {
    for (let i = 0; i < out.length; i++) {
      const value: unknown = vector.get(i);
      out[i] = value === null || Number.isNaN(value) ? missing : Number(value);
    }
    return out;
  }
  const raw = vector.toArray() as Float64Array | Int32Array | BigInt64Array;
  if (raw instanceof BigInt64Array) for (let i = 0; i < out.length; i++) out[i] = Number(raw[i]);
  else if (ArrayBuffer.isView(raw)) out.set(raw.subarray(0, out.length));
  else throw new WireError(`${name}: not a numeric column`);
  return out;
}

/** Whole numbers that must survive as doubles (prices, counts); an error names the first that does not. */
export function wholeNumbers(table: Table, name: string, missing = 0): Float64Array {
  const out = numbers(table, name, missing);
  for (const value of out)
    if (!Number.isSafeInteger(value)) throw new WireError(`${name}: ${value} is not an exact whole number`);
  return out;
}

export function flags(table: Table, name: string): Uint8Array {
  const vector = column(table, name);
  const out = new Uint8Array(table.numRows);
  for (let i = 0; i < out.length; i++) out[i] = vector.get(i) === true ? 1 : 0;
  return out;
}

const NS_PER_SECOND = 1_000_000_000n;

/** window_end_ts_ns as whole seconds, by integer division: a nanosecond value does not fit a double. */
export function seconds(table: Table, name = 'window_end_ts_ns'): Float64Array {
  const vector = column(table, name);
  const out = new Float64Array(table.numRows);
  if (out.length === 0) return out;
  const raw = vector.toArray() as unknown;
  if (!(raw instanceof BigInt64Array) || vector.nullCount > 0)
    throw new WireError(`${name}: int64 without nulls expected`);
  for (let i = 0; i < out.length; i++) {
    if (raw[i] % NS_PER_SECOND !== 0n) throw new WireError(`${name}: ${raw[i]} is not a whole second`);
    out[i] = Number(raw[i] / NS_PER_SECOND);
  }
  return out;
}

/** First byte of each text, 0 for null: a side is one letter, and making 802 strings a second is not free. */
export function firstLetters(table: Table, name: string): Uint8Array {
  const vector = column(table, name);
  const out = new Uint8Array(table.numRows);
  let row = 0;
  for (const data of vector.data) {
    const offsets = data.valueOffsets as Int32Array | undefined;
    const bytes = data.values as Uint8Array | undefined;
    const plain =
      data.nullCount === 0 && offsets instanceof Int32Array && bytes instanceof Uint8Array && !data.dictionary;
    for (let i = 0; i < data.length; i++, row++) {
      if (plain) out[row] = offsets[i + 1] > offsets[i] ? bytes[offsets[i]] : 0;
      else out[row] = String(vector.get(row) ?? '\0').charCodeAt(0);
    }
  }
  return out;
}
