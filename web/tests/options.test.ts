import { describe, expect, it } from 'vitest';
import { isMissing, MISSING, RING_COLUMNS } from '../src/model/grid';
import { StrikeRing } from '../src/model/strike_ring';
import { barOf, strikeCount, strikeNear, strikeOf, strikeRow } from '../src/model/strikes';
import { WireError } from '../src/wire/arrow_columns';
import { decodeOptions } from '../src/wire/decode_options';
import { columnsOf } from '../src/wire/history';
import { NS, type OptionsRow, optionsBytes, snapBytes, TICK, velocityBytes } from './arrow_fixture';

const ES = { stepTicks: 20, halfWidthTicks: 200 };
const SPY = { stepTicks: 2, halfWidthTicks: 50 };
const END = 1_703_547_300n * NS;

describe('strikes', () => {
  it('are 21 of futures and 51 of equities', () => {
    expect([ES, SPY].map(strikeCount)).toEqual([21, 51]);
  });

  it('bring back the listed strike, wherever spot stands between two', () => {
    for (const { stepTicks: step, halfWidthTicks: half } of [ES, SPY]) {
      for (let spot = 1000 * step; spot < 1002 * step; spot++) {
        for (let listed = spot - (spot % step) - 3 * step; listed <= spot + 3 * step; listed += step) {
          // What the pipeline does with a listed strike (spec 4.8, D-1).
          const rel = step * Math.floor((2 * (listed - spot) + step) / (2 * step));
          expect(strikeOf(spot + rel, step), `spot ${spot}, listed ${listed}`).toBe(listed);
          expect(Math.abs(rel)).toBeLessThanOrEqual(half);
        }
      }
    }
  });

  it('have a row each, the strike of spot in the middle', () => {
    const spot = 27_827; // 6956.75: its strike is 6955
    expect(strikeOf(spot, 20)).toBe(27_820);
    expect(strikeRow(27_820, spot, ES)).toBe(10);
    expect(strikeRow(27_820 + 200, spot, ES)).toBe(20);
    expect(strikeRow(27_820 - 220, spot, ES)).toBe(-1);
    expect(strikeRow(strikeOf(961, 2), 961, SPY)).toBe(25);
    expect(strikeOf(961, 2)).toBe(960);
  });

  it('have their bar above the line over spot, below it under spot, around it at spot', () => {
    expect(barOf(120, 100, 20)).toEqual({ low: 120, high: 128 });
    expect(barOf(80, 100, 20)).toEqual({ low: 72, high: 80 });
    expect(barOf(100, 100, 20)).toEqual({ low: 96, high: 104 });
    const equity = [barOf(964, 961, 2), barOf(960, 961, 2), barOf(960, 960, 2)];
    for (const [i, [low, high]] of [
      [964, 964.8],
      [959.2, 960],
      [959.6, 960.4],
    ].entries()) {
      expect(equity[i].low).toBeCloseTo(low);
      expect(equity[i].high).toBeCloseTo(high);
    }
  });

  it('are found from a height: the nearest, half way the one whose bar reaches there', () => {
    expect([95, 109, 111, 130].map((tick) => strikeNear(tick, 100, 20))).toEqual([100, 100, 120, 120]);
    expect(strikeNear(90, 100, 20)).toBe(100);
    expect([963, 965].map((tick) => strikeNear(tick, 961, 2))).toEqual([962, 964]);
    expect([959, 957].map((tick) => strikeNear(tick, 961, 2))).toEqual([960, 958]);
  });
});

describe('options surface', () => {
  const row = (rel: number, u: number | null, spot = 27_820n, end = END): OptionsRow => ({
    end,
    spot: spot * TICK,
    rel,
    u,
  });

  it('puts each row at its strike', () => {
    const [column] = decodeOptions(optionsBytes([row(-200, 1), row(0, 0.5), row(200, -1)]), Number(TICK), ES);
    expect([column.second, column.spotTick]).toEqual([1_703_547_300, 27_820]);
    expect([column.values[0], column.values[10], column.values[20]]).toEqual([1, 0.5, -1]);
    expect(isMissing(column.values[1])).toBe(true);
  });

  it('keeps a null apart from a zero, leaves out what is beyond, splits windows', () => {
    const columns = decodeOptions(
      optionsBytes([row(0, null), row(20, 0), row(220, 9), row(0, 2, 27_821n, END + NS)]),
      Number(TICK),
      ES,
    );
    expect(columns.map(({ second, spotTick }) => [second, spotTick])).toEqual([
      [1_703_547_300, 27_820],
      [1_703_547_301, 27_821],
    ]);
    expect(isMissing(columns[0].values[10])).toBe(true);
    expect(columns[0].values[11]).toBe(0);
    expect([...columns[0].values]).not.toContain(9);
    expect(columns[1].values[10]).toBe(2);
  });

  it('reads strikes a dollar apart on half dollars', () => {
    const half = 500_000_000n;
    const bytes = optionsBytes([-50, -2, 0, 2, 50].map((rel) => ({ end: END, spot: 961n * half, rel, u: rel })));
    const [column] = decodeOptions(bytes, Number(half), SPY);
    expect(column.spotTick).toBe(961);
    expect([0, 24, 25, 26, 50].map((i) => column.values[i])).toEqual([-50, -2, 0, 2, 50]);
  });

  it('reads an empty stream as no window, and refuses what is not this surface', () => {
    expect(decodeOptions(optionsBytes([]), Number(TICK), ES)).toEqual([]);
    expect(() => decodeOptions(new Uint8Array([1]), 1, ES)).toThrow(WireError);
    expect(() => decodeOptions(snapBytes(END, 1, 1n, true), 1, ES)).toThrow(/rel_ticks/);
    expect(() => decodeOptions(optionsBytes([row(7, 1)]), Number(TICK), ES)).toThrow(/whole number of strikes/);
  });

  it('joins the fields of its second in the history, and a second without either is empty', () => {
    const exact = (bytes: Uint8Array) => bytes.slice().buffer as ArrayBuffer;
    const at = (i: bigint) => ({ end: END + i * NS, spot: 27_820n * TICK });
    const piece = {
      velocity: exact(velocityBytes([0n, 1n].map((i) => ({ ...at(i), rel: 0, side: 'A' as const, u: 1 })))),
      options: exact(optionsBytes([{ ...at(1n), rel: 0, u: 3 }])),
      forecast: null,
    };
    const address = {
      base: 'http://localhost',
      productType: 'future_mbo',
      symbol: 'ESH6',
      dt: '2026-01-06',
      live: false,
      tickInt: Number(TICK),
      priceIncrementInt: Number(TICK),
      strikes: ES,
    };
    const span = { first: 1_703_547_300, last: 1_703_547_302 };
    const columns = columnsOf(piece, span, address);
    expect(columns.map(({ options }) => options?.values[10])).toEqual([undefined, 3, undefined]);
    expect(columns.map(({ spotTick }) => spotTick)).toEqual([27_820, 27_820, 0]);
    expect(columnsOf({ ...piece, options: null }, span, address).every(({ options }) => options === null)).toBe(true);
  });
});

describe('ring of strikes', () => {
  const column = (rows: number, value: number) => new Float32Array(rows).fill(value);

  it('places each column at its own spot, and forgets what the slot held', () => {
    const ring = new StrikeRing(ES);
    const one = column(ring.rows, MISSING);
    one[12] = 0.75;
    ring.write(5, 5, 27_820, one);
    expect(ring.value(5, 5, 27_860)).toBe(0.75);
    expect(isMissing(ring.value(5, 5, 27_840))).toBe(true);
    expect(isMissing(ring.value(5, 5, 28_040))).toBe(true);
    expect(isMissing(ring.value(5, 5 + RING_COLUMNS, 27_860))).toBe(true);
    ring.write(5, 5 + RING_COLUMNS, 0, null);
    expect(ring.inSlot(5)).toBeNull();
    expect(isMissing(ring.value(5, 5, 27_860))).toBe(true);
  });

  it('takes columns of its own grid alone', () => {
    const ring = new StrikeRing(SPY);
    expect(ring.rows).toBe(51);
    expect(() => ring.write(0, 0, 960, column(21, 1))).toThrow(/51 strikes/);
  });
});
