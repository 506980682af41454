// book_snapshot_1s of a session, and the two small surfaces of the stream that are read row by row.
import type { SnapshotColumns } from '../model/snapshots';
import { exact, flags, numbers, readTable, seconds, WireError, wholeNumbers } from './arrow_columns';
import { SNAPSHOT_COLUMNS } from './contract';

export function decodeSnapshots(bytes: ArrayBuffer | Uint8Array): SnapshotColumns {
  const table = readTable(bytes, SNAPSHOT_COLUMNS, 'snapshots');
  return {
    second: seconds(table),
    bidPriceInt: wholeNumbers(table, 'best_bid_price_int'),
    askPriceInt: wholeNumbers(table, 'best_ask_price_int'),
    bidQty: wholeNumbers(table, 'best_bid_qty'),
    askQty: wholeNumbers(table, 'best_ask_qty'),
    mid: numbers(table, 'mid_price', 0),
    spotRefPriceInt: wholeNumbers(table, 'spot_ref_price_int'),
    bookValid: flags(table, 'book_valid'),
    crossed: flags(table, 'crossed'),
    epoch: wholeNumbers(table, 'epoch'),
    recordCount: wholeNumbers(table, 'record_count'),
    tradeCount: wholeNumbers(table, 'trade_count'),
    anomalyCount: wholeNumbers(table, 'anomaly_count'),
    lateCount: wholeNumbers(table, 'late_count'),
  };
}

export interface Snap {
  second: number;
  /** 0 where the book has no two sides. */
  mid: number;
  spotRefPriceInt: number;
  bookValid: boolean;
}

export function decodeSnap(bytes: ArrayBuffer | Uint8Array): Snap {
  const table = readTable(bytes, ['window_end_ts_ns', 'mid_price', 'spot_ref_price_int', 'book_valid'], 'snap');
  if (table.numRows < 1) throw new WireError('snap: no row');
  return {
    second: seconds(table)[0],
    mid: numbers(table, 'mid_price', 0)[0],
    spotRefPriceInt: wholeNumbers(table, 'spot_ref_price_int')[0],
    bookValid: flags(table, 'book_valid')[0] === 1,
  };
}

/** A forecast row; what a row does not say is null (the row of horizon 0 has scores and no path). */
export interface ForecastRow {
  horizon_s: number | null;
  predicted_spot_tick: number | null;
  confidence: number | null;
  RunScore_up: number | null;
  RunScore_down: number | null;
  D_up: number | null;
  D_down: number | null;
}

const WHOLE = ['horizon_s', 'predicted_spot_tick', 'D_up', 'D_down'] as const;
const REAL = ['confidence', 'RunScore_up', 'RunScore_down'] as const;

export function decodeForecast(bytes: ArrayBuffer | Uint8Array): ForecastRow[] {
  const table = readTable(bytes, [...WHOLE, ...REAL], 'forecast');
  const rows: ForecastRow[] = [];
  for (let i = 0; i < table.numRows; i++) {
    const row = {} as ForecastRow;
    for (const name of WHOLE) row[name] = exact(table.getChild(name)?.get(i), name);
    for (const name of REAL) {
      const value: unknown = table.getChild(name)?.get(i);
      row[name] = value === null || value === undefined || Number.isNaN(value) ? null : Number(value);
    }
    rows.push(row);
  }
  return rows;
}
