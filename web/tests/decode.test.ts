import { describe, expect, it } from 'vitest';
import {
  cellIndex,
  FIELDS,
  isMissing,
  MAX_REL_TICKS,
  SIDE_ASK,
  SIDE_BID,
  SIDE_NONE,
  SIDE_PLANE,
} from '../src/model/grid';
import { WireError } from '../src/wire/arrow_columns';
import { decodeSnap } from '../src/wire/decode_snapshots';
import { decodeVelocity } from '../src/wire/decode_velocity';
import { NS, snapBytes, TICK, velocityBytes } from './arrow_fixture';

const END = 1_703_547_300n * NS;
const SPOT = 19_241n * TICK;
const at = { end: END, spot: SPOT };
const plane = (name: (typeof FIELDS)[number]) => FIELDS.indexOf(name);
const decode = (rows: Parameters<typeof velocityBytes>[0]) => decodeVelocity(velocityBytes(rows), Number(TICK));

describe('velocity surface', () => {
  it('puts each row at its tick and keeps second and spot exact', () => {
    const [column] = decode([
      { ...at, rel: 3, side: 'A', u: 0.5, rho: 1, nu: 2, pressure: -0.25, energy: 0.125, omega: 4 },
      { ...at, rel: -3, side: 'B', u: -0.5, rho: 2, nu: 3 },
    ]);
    expect(column.second).toBe(1_703_547_300);
    expect(column.spotTick).toBe(19_241);
    expect(column.cells[cellIndex(plane('liquidity_velocity'), 3)]).toBe(0.5);
    expect(column.cells[cellIndex(plane('pressure_grad'), 3)]).toBe(-0.25);
    expect(column.cells[cellIndex(plane('u_wave_energy'), 3)]).toBe(0.125);
    expect(column.cells[cellIndex(plane('nu'), 3)]).toBe(2);
    expect(column.cells[cellIndex(plane('Omega'), 3)]).toBe(4);
    expect(column.cells[cellIndex(plane('liquidity_velocity'), -3)]).toBe(-0.5);
    expect(column.cells[cellIndex(SIDE_PLANE, 3)]).toBe(SIDE_ASK);
    expect(column.cells[cellIndex(SIDE_PLANE, -3)]).toBe(SIDE_BID);
    expect(column.cells[cellIndex(SIDE_PLANE, 0)]).toBe(SIDE_NONE);
  });

  it('shows asks above spot, bids below, whichever row comes last', () => {
    const rows = [-5, 5].flatMap((rel) => [
      { ...at, rel, side: 'A' as const, u: 0.75, rho: 1 },
      { ...at, rel, side: 'B' as const, u: -0.75, rho: 1 },
    ]);
    for (const order of [rows, [...rows].reverse()]) {
      const [column] = decode(order);
      expect(column.cells[cellIndex(0, 5)]).toBe(0.75);
      expect(column.cells[cellIndex(0, -5)]).toBe(-0.75);
    }
  });

  it('ignores rows outside the texture', () => {
    const [column] = decode([
      { ...at, rel: MAX_REL_TICKS + 1, side: 'A', u: 1 },
      { ...at, rel: MAX_REL_TICKS, side: 'A', u: 0.5, rho: 2 },
    ]);
    expect(column.cells[cellIndex(0, MAX_REL_TICKS)]).toBe(0.5);
    expect(column.cells.filter((v) => v === 1)).toHaveLength(1); // the side code of the one row kept
  });

  it('keeps a null apart from a zero', () => {
    const [column] = decode([{ ...at, rel: 1, side: 'A', u: null, rho: 1, nu: 0 }]);
    expect(isMissing(column.cells[cellIndex(0, 1)])).toBe(true);
    expect(column.cells[cellIndex(plane('nu'), 1)]).toBe(0);
  });

  it('splits a stream of several windows', () => {
    const columns = decode(
      [0n, 1n, 2n].map((i) => ({ end: END + i * NS, spot: SPOT + i * TICK, rel: 0, side: 'B' as const })),
    );
    expect(columns.map((column) => [column.second, column.spotTick])).toEqual([
      [1_703_547_300, 19_241],
      [1_703_547_301, 19_242],
      [1_703_547_302, 19_243],
    ]);
  });

  it('reads an empty stream as no window', () => expect(decode([])).toEqual([]));

  it('refuses bytes that are not Arrow, a missing column, and a stamp that is no whole second', () => {
    expect(() => decodeVelocity(new Uint8Array([1, 2, 3]), 1)).toThrow(WireError);
    expect(() => decodeVelocity(snapBytes(END, 1, SPOT, true), 1)).toThrow(/liquidity_velocity/);
    expect(() => decode([{ end: END + 1n, spot: SPOT, rel: 0, side: 'A' }])).toThrow(/whole second/);
  });
});

describe('snap', () => {
  it('reads the one row; a null mid is no mid', () => {
    expect(decodeSnap(snapBytes(END, 4810.125, SPOT, true))).toEqual({
      second: 1_703_547_300,
      mid: 4810.125,
      spotRefPriceInt: 4_810_250_000_000,
      bookValid: true,
    });
    expect(decodeSnap(snapBytes(END, null, 0n, false))).toMatchObject({ mid: 0, spotRefPriceInt: 0, bookValid: false });
  });
});
