// The velocity surface of one or more windows, as columns of the ring: two rows a tick become one cell (model/combine).
import type { Table } from 'apache-arrow';
import { chooseSide } from '../model/combine';
import type { Scores } from '../model/forecast';
import {
  COLUMN_SIZE,
  cellIndex,
  FIELDS,
  MAX_REL_TICKS,
  MISSING,
  ROWS,
  SIDE_ASK,
  SIDE_BID,
  SIDE_PLANE,
} from '../model/grid';
import { firstLetters, numbers, readTable, seconds, WireError, wholeNumbers } from './arrow_columns';
import { VELOCITY_COLUMNS } from './contract';
import type { StrikeColumn } from './decode_options';

export interface WireColumn {
  second: number;
  /** Absolute tick of spot_ref; 0 where there is none. */
  spotTick: number;
  cells: Float32Array;
  /** By strike, if the session has options and the second has rows of them. */
  options: StrikeColumn | null;
  /** Of the forecast; null where none were given or the second is not valid. */
  scores: Scores | null;
}

const RHO = FIELDS.indexOf('rho');
const OMEGA = FIELDS.indexOf('Omega');
const LETTER_A = 'A'.charCodeAt(0);
const LETTER_B = 'B'.charCodeAt(0);

export function emptyColumn(second: number): WireColumn {
  return { second, spotTick: 0, cells: new Float32Array(COLUMN_SIZE), options: null, scores: null };
}

interface Rows {
  second: Float64Array;
  spot: Float64Array;
  rel: Float64Array;
  side: Uint8Array;
  fields: Float64Array[];
}

const measured = (value: number): number => (value > -1e38 ? value : 0);

/** Row of each side at each place of the lattice; -1 where the window has none. Reused from window to window. */
const askRow = new Int32Array(ROWS);
const bidRow = new Int32Array(ROWS);

function fillColumn(rows: Rows, from: number, to: number, tickInt: number): WireColumn {
  const column = emptyColumn(rows.second[from]);
  column.spotTick = Math.round(rows.spot[from] / tickInt);
  askRow.fill(-1);
  bidRow.fill(-1);
  let widest = 0;
  for (let i = from; i < to; i++) {
    const rel = rows.rel[i];
    if (Math.abs(rel) > MAX_REL_TICKS) continue;
    widest = Math.max(widest, Math.abs(rel));
    if (rows.side[i] === LETTER_A) askRow[rel + MAX_REL_TICKS] = i;
    else if (rows.side[i] === LETTER_B) bidRow[rel + MAX_REL_TICKS] = i;
    else throw new WireError(`velocity: side of row ${i} is neither A nor B`);
  }
  const at = (row: number) => ({
    rho: row < 0 ? 0 : measured(rows.fields[RHO][row]),
    omega: row < 0 ? 0 : measured(rows.fields[OMEGA][row]),
  });
  for (let rel = -widest; rel <= widest; rel++) {
    const [ask, bid] = [askRow[rel + MAX_REL_TICKS], bidRow[rel + MAX_REL_TICKS]];
    if (ask < 0 && bid < 0) continue;
    let row = chooseSide(rel, at(ask), at(bid)) === 'A' ? ask : bid;
    if (row < 0) row = ask < 0 ? bid : ask;
    column.cells[cellIndex(SIDE_PLANE, rel)] = row === ask ? SIDE_ASK : SIDE_BID;
    for (let plane = 0; plane < FIELDS.length; plane++) column.cells[cellIndex(plane, rel)] = rows.fields[plane][row];
  }
  return column;
}

function columnsOf(table: Table, tickInt: number): WireColumn[] {
  const rows: Rows = {
    second: seconds(table),
    spot: wholeNumbers(table, 'spot_ref_price_int'),
    rel: wholeNumbers(table, 'rel_ticks'),
    side: firstLetters(table, 'side'),
    fields: FIELDS.map((name) => numbers(table, name, MISSING)),
  };
  const columns: WireColumn[] = [];
  for (let from = 0; from < table.numRows; ) {
    let to = from + 1;
    while (to < table.numRows && rows.second[to] === rows.second[from]) to++;
    columns.push(fillColumn(rows, from, to, tickInt));
    from = to;
  }
  return columns;
}

/** Windows in the order sent; none for an empty stream. Throws WireError on anything that is not this surface. */
export function decodeVelocity(bytes: ArrayBuffer | Uint8Array, tickInt: number): WireColumn[] {
  return columnsOf(readTable(bytes, VELOCITY_COLUMNS, 'velocity'), tickInt);
}
