// Surfaces that are sent only when asked for, one or more windows of each, as what the page keeps of a second. A row of the
// future or another product has the same columns: nothing here knows of products.
import type { Table } from 'apache-arrow';
import { BAND_COLUMNS } from '../model/bands';
import { MISSING } from '../model/grid';
import { RADAR_NAMES } from '../model/radar';
import {
  type BandsRow,
  type GexColumn,
  type GexLevels,
  type RadarRow,
  type SurfaceColumn,
  VACUUM_HALF,
  type VacuumColumn,
} from '../model/surface_columns';
import type { SurfaceName } from '../model/surfaces';
import { firstLetters, flags, numbers, readTable, seconds, WireError, wholeNumbers } from './arrow_columns';
import { GEX_COLUMNS, GEX_LEVELS_COLUMNS, PHYSICS_BANDS_COLUMNS, RADAR_COLUMNS, VACUUM_COLUMNS } from './contract';

const LETTER_A = 'A'.charCodeAt(0);

/** Calls `window` for each run of rows of one second, in the order sent. */
function byWindow(second: Float64Array, window: (from: number, to: number) => void): void {
  for (let from = 0; from < second.length; ) {
    let to = from + 1;
    while (to < second.length && second[to] === second[from]) to++;
    window(from, to);
    from = to;
  }
}

/**
 * Of the two rows at a price the ask's above spot and the bid's below; at spot, where either may stand, their mean; and the other
 * one where the first is not there.
 */
function chosen(rel: number, ask: number, bid: number): number {
  if (ask <= MISSING) return bid;
  if (bid <= MISSING) return ask;
  return rel > 0 ? ask : rel < 0 ? bid : (ask + bid) / 2;
}

const SCORES = 2 * VACUUM_HALF + 1;
const asks = new Float64Array(SCORES);
const bids = new Float64Array(SCORES);

function vacuumColumns(table: Table, priceIncrementInt: number): VacuumColumn[] {
  const second = seconds(table);
  const spot = wholeNumbers(table, 'spot_ref_price_int');
  const rel = wholeNumbers(table, 'rel_ticks');
  const side = firstLetters(table, 'side');
  const score = numbers(table, 'vacuum_score', MISSING);
  const valid = flags(table, 'window_valid');
  const columns: VacuumColumn[] = [];
  byWindow(second, (from, to) => {
    asks.fill(MISSING);
    bids.fill(MISSING);
    for (let i = from; i < to; i++) {
      if (Math.abs(rel[i]) > VACUUM_HALF) continue;
      (side[i] === LETTER_A ? asks : bids)[rel[i] + VACUUM_HALF] = score[i];
    }
    const scores = new Float32Array(SCORES);
    for (let i = 0; i < SCORES; i++) scores[i] = chosen(i - VACUUM_HALF, asks[i], bids[i]);
    const increments = Math.round(spot[from] / priceIncrementInt);
    columns.push({ surface: 'vacuum', second: second[from], valid: valid[from] === 1, spot: increments, scores });
  });
  return columns;
}

function gexColumns(table: Table): GexColumn[] {
  const second = seconds(table);
  const strike = wholeNumbers(table, 'strike_price_int');
  const valid = flags(table, 'window_valid');
  const column = (name: string, missing = 0) => numbers(table, name, missing);
  const [call, put, net] = [column('gex_call_abs'), column('gex_put_abs'), column('gex')];
  const volatility = ['call', 'put'].map((right) => column(`${right}_implied_volatility`, MISSING));
  const interest = ['call', 'put'].map((right) => column(`${right}_open_interest`));
  const columns: GexColumn[] = [];
  byWindow(second, (from, to) => {
    for (let i = from + 1; i < to; i++)
      if (strike[i] <= strike[i - 1]) throw new WireError(`gex: strikes of ${second[from]} do not ascend`);
    const part = (values: Float64Array) => values.slice(from, to);
    columns.push({
      surface: 'gex',
      second: second[from],
      valid: valid[from] === 1,
      strikePriceInt: part(strike),
      call: part(call),
      put: part(put),
      net: part(net),
      callVolatility: part(volatility[0]),
      putVolatility: part(volatility[1]),
      callOpenInterest: part(interest[0]),
      putOpenInterest: part(interest[1]),
    });
  });
  return columns;
}

function gexLevels(table: Table): GexLevels[] {
  const second = seconds(table);
  const valid = flags(table, 'window_valid');
  const column = (name: string) => numbers(table, name, 0);
  const [callTotal, putTotal, total] = ['gex_call_total', 'gex_put_total', 'gex_total'].map(column);
  const [priced, unpriced] = ['options_priced', 'options_unpriced'].map(column);
  const [flip, callWall, putWall] = ['flip', 'call_wall', 'put_wall'].map((name) =>
    wholeNumbers(table, `${name}_price_int`, -1),
  );
  const price = (value: number) => (value < 0 ? null : value);
  return Array.from(second, (_, i) => ({
    surface: 'gex_levels' as const,
    second: second[i],
    valid: valid[i] === 1,
    callTotal: callTotal[i],
    putTotal: putTotal[i],
    total: total[i],
    flipPriceInt: price(flip[i]),
    callWallPriceInt: price(callWall[i]),
    putWallPriceInt: price(putWall[i]),
    priced: priced[i],
    unpriced: unpriced[i],
  }));
}

/** One row a second of so many named numbers. */
function namedRows(table: Table, names: readonly string[]): { second: number; valid: boolean; values: Float64Array }[] {
  const second = seconds(table);
  const valid = flags(table, 'window_valid');
  const columns = names.map((name) => numbers(table, name, MISSING));
  return Array.from(second, (_, i) => ({
    second: second[i],
    valid: valid[i] === 1,
    values: Float64Array.from(columns, (column) => column[i]),
  }));
}

const bandsRows = (table: Table): BandsRow[] =>
  namedRows(table, BAND_COLUMNS).map((row) => ({ surface: 'physics_bands', ...row }));

function radarRows(table: Table): RadarRow[] {
  const approach = table.getChild('approach_dir');
  return namedRows(table, RADAR_NAMES).map((row, i) => ({
    surface: 'radar',
    ...row,
    approach: String(approach?.get(i) ?? ''),
  }));
}

/** Windows in the order sent; none for an empty stream. Throws WireError on anything that is not this surface. */
export function decodeSurface(
  surface: SurfaceName,
  bytes: ArrayBuffer | Uint8Array,
  { priceIncrementInt }: { priceIncrementInt: number },
): SurfaceColumn[] {
  switch (surface) {
    case 'vacuum':
      return vacuumColumns(readTable(bytes, VACUUM_COLUMNS, surface), priceIncrementInt);
    case 'gex':
      return gexColumns(readTable(bytes, GEX_COLUMNS, surface));
    case 'gex_levels':
      return gexLevels(readTable(bytes, GEX_LEVELS_COLUMNS, surface));
    case 'physics_bands':
      return bandsRows(readTable(bytes, PHYSICS_BANDS_COLUMNS, surface));
    case 'radar':
      return radarRows(readTable(bytes, RADAR_COLUMNS, surface));
  }
}

/** What need not be copied when a column leaves the worker. */
export const buffersOfSurface = (column: SurfaceColumn): ArrayBuffer[] =>
  column.surface === 'vacuum' ? [column.scores.buffer as ArrayBuffer] : [];
