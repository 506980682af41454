// book_snapshot_1s of a session, and the one row of it that the stream carries.
import type { SnapshotColumns } from '../model/snapshots';
import { flags, numbers, readTable, seconds, WireError, wholeNumbers } from './arrow_columns';
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
