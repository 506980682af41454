// The options surface of one or more windows, as columns of strikes: a row a distance from spot, summed over right and side
// by the server.
import { MISSING } from '../model/grid';
import { type StrikeGrid, strikeCount, strikeOf, strikeRow } from '../model/strikes';
import { numbers, readTable, seconds, WireError, wholeNumbers } from './arrow_columns';
import { OPTIONS_COLUMNS } from './contract';

export interface StrikeColumn {
  second: number;
  spotTick: number;
  /** liquidity_velocity by strike, ascending; MISSING where the window has no row. */
  values: Float32Array;
}

/** Windows in the order sent; none for an empty stream. Rows beyond the grid are left out. */
export function decodeOptions(bytes: ArrayBuffer | Uint8Array, tickInt: number, grid: StrikeGrid): StrikeColumn[] {
  const table = readTable(bytes, OPTIONS_COLUMNS, 'options');
  const second = seconds(table);
  const spot = wholeNumbers(table, 'spot_ref_price_int');
  const rel = wholeNumbers(table, 'rel_ticks');
  const value = numbers(table, 'liquidity_velocity', MISSING);
  const columns: StrikeColumn[] = [];
  for (let i = 0; i < table.numRows; i++) {
    let column = columns.at(-1);
    if (column?.second !== second[i]) {
      const spotTick = Math.round(spot[i] / tickInt);
      column = { second: second[i], spotTick, values: new Float32Array(strikeCount(grid)).fill(MISSING) };
      columns.push(column);
    }
    if (rel[i] % grid.stepTicks !== 0)
      throw new WireError(`options: rel_ticks ${rel[i]} is not a whole number of strikes`);
    const row = strikeRow(strikeOf(column.spotTick + rel[i], grid.stepTicks), column.spotTick, grid);
    if (row >= 0 && row < column.values.length) column.values[row] = value[i];
  }
  return columns;
}
