import { describe, expect, it } from 'vitest';
import { levelsShown, priceMarks, spacingOf } from '../src/model/price_axis';
import {
  decimalsOf,
  isBucketed,
  lineName,
  nearestPrice,
  pointsText,
  priceText,
  rowsText,
  strikeText,
} from '../src/model/prices';

const ES = { tickInt: 250_000_000, priceIncrementInt: 250_000_000 };
const SPY = { tickInt: 500_000_000, priceIncrementInt: 10_000_000 };
/** A tick of 1/32, as bonds have. */
const BOND = { tickInt: 31_250_000, priceIncrementInt: 31_250_000 };

describe('price axis (spec 7.6)', () => {
  it('has three levels by what is visible', () => {
    expect(spacingOf(ES.tickInt)).toEqual({ major: 20, minor: 4, micro: 1 });
    expect([80.1, 80, 30.1, 30].map(levelsShown)).toEqual([
      ['major'],
      ['major', 'minor'],
      ['major', 'minor'],
      ['major', 'minor', 'micro'],
    ]);
  });
  it('labels $5 always, $1 up to 50 ticks, a tick never, and repeats nothing', () => {
    expect(priceMarks(0, 100, ES).map((mark) => mark.label)).toEqual([
      '$0.00',
      '$5.00',
      '$10.00',
      '$15.00',
      '$20.00',
      '$25.00',
    ]);
    const middle = priceMarks(19_200, 19_251, ES);
    expect(middle.filter((mark) => mark.level === 'minor').every((mark) => mark.label === null)).toBe(true);
    expect(priceMarks(19_200, 19_250, ES).find((mark) => mark.level === 'minor')?.label).toBe('$4801.00');
    const fine = priceMarks(19_200, 19_220, ES);
    expect(fine.map((mark) => mark.tick)).toEqual(Array.from({ length: 21 }, (_, i) => 19_200 + i));
    expect(fine.filter((mark) => mark.level === 'micro').every((mark) => mark.label === null)).toBe(true);
    expect(fine.filter((mark) => mark.level === 'major').map((mark) => mark.label)).toEqual(['$4800.00', '$4805.00']);
  });
});

describe('price axis of other ticks', () => {
  it('has $5 and $1 lines in half dollars, and labels every row once they are few', () => {
    expect(spacingOf(SPY.tickInt)).toEqual({ major: 10, minor: 2, micro: 1 });
    expect(priceMarks(954, 966, SPY).map(({ level, label }) => [level, label])).toEqual([
      ['minor', '$477.00'],
      ['micro', '$477.50'],
      ['minor', '$478.00'],
      ['micro', '$478.50'],
      ['minor', '$479.00'],
      ['micro', '$479.50'],
      ['major', '$480.00'],
      ['micro', '$480.50'],
      ['minor', '$481.00'],
      ['micro', '$481.50'],
      ['minor', '$482.00'],
      ['micro', '$482.50'],
      ['minor', '$483.00'],
    ]);
    const wide = priceMarks(900, 1000, SPY);
    expect(wide.map((mark) => mark.label)).toEqual(Array.from({ length: 11 }, (_, i) => `$${450 + 5 * i}.00`));
  });
  it('has no more than twenty ticks between lines, and fewer labels than pixels, for any tick', () => {
    for (const tickInt of [1_000_000, 5_000_000, 10_000_000, 31_250_000, 1e8, 1e9, 2.5e9, 25e9]) {
      const { major, minor } = spacingOf(tickInt);
      expect(major, String(tickInt)).toBeLessThanOrEqual(20);
      expect(major, String(tickInt)).toBeGreaterThanOrEqual(2);
      expect(major % minor).toBe(0);
    }
  });
  it('writes the price of each mark in full', () => {
    expect(priceMarks(3200, 3210, BOND)[1].label).toBe('$100.03125');
  });
});

describe('prices', () => {
  it('are written with the digits their steps need, two at least', () => {
    expect([1e9, 5e8, 250_000_000, 10_000_000, 5_000_000, 31_250_000].map(decimalsOf)).toEqual([2, 2, 2, 2, 3, 5]);
    expect(priceText(4810.25, ES)).toBe('$4810.25');
    expect(pointsText(480.37, SPY)).toBe('480.37');
    expect(pointsText(100.03125, BOND)).toBe('100.03125');
  });
  it('under the pointer are prices of the market, not rows', () => {
    expect(nearestPrice(960.7342, SPY)).toBe(480.37);
    expect(nearestPrice(19_241.3, ES)).toBe(4810.25);
  });
  it('of rows that are buckets are said to be such', () => {
    expect([isBucketed(ES), isBucketed(SPY)]).toEqual([false, true]);
    expect([lineName(ES), lineName(SPY)]).toEqual(['spot ref', 'mid']);
    expect([rowsText(1, ES), rowsText(3, ES)]).toEqual(['1 tick', '3 ticks']);
    expect([rowsText(1, SPY), rowsText(3, SPY)]).toEqual(['1 row of $0.50', '3 rows of $0.50']);
  });
  it('of strikes are spoken with thousands', () => {
    expect([6930, 480, 1012.5].map(strikeText)).toEqual(['6,930', '480', '1,012.50']);
  });
});
