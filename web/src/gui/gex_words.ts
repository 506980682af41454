// Gamma exposure in words: what is read at a strike, and the names of the levels.
import { dollarsText, signedDollars } from '../model/dollars';
import { isMissing } from '../model/grid';
import { strikeText } from '../model/prices';
import { type GexColumn, type GexLevels, nearestStrike } from '../model/surface_columns';
import type { Reading } from './reading';

export const priceIntText = (priceInt: number): string => strikeText(priceInt / 1e9);

/** Of a price between strikes and increments: to the cent, whatever the product. */
const flipText = (priceInt: number): string =>
  (priceInt / 1e9).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export interface LevelName {
  kind: 'flip' | 'call' | 'put';
  priceInt: number;
  text: string;
}

/** "flip 6,931.25", "call wall 6,950": the levels there are. */
export function levelNames({ flipPriceInt, callWallPriceInt, putWallPriceInt }: GexLevels): LevelName[] {
  const names: LevelName[] = [];
  const name = (kind: LevelName['kind'], said: string, priceInt: number | null, price = priceIntText) => {
    if (priceInt !== null) names.push({ kind, priceInt, text: `${said} ${price(priceInt)}` });
  };
  name('call', 'call wall', callWallPriceInt);
  name('flip', 'flip', flipPriceInt, flipText);
  name('put', 'put wall', putWallPriceInt);
  return names;
}

/** "3 of 42 unpriced"; empty where all options have a price. */
export function unpricedText({ priced, unpriced }: GexLevels): string {
  return unpriced > 0 ? `${unpriced} of ${priced + unpriced} unpriced` : '';
}

const volatilityText = (value: number): string => (isMissing(value) ? 'none' : `${(100 * value).toFixed(1)} %`);

const meaning = (net: number): string =>
  net > 0
    ? 'calls outweigh: moves are damped'
    : net < 0
      ? 'puts outweigh: moves are driven on'
      : 'calls and puts alike';

/** All of one strike, for the card beside the profile. */
export function strikeReadings(column: GexColumn, i: number): Reading[] {
  return [
    { name: 'Strike', text: priceIntText(column.strikePriceInt[i]) },
    { name: 'Calls', text: dollarsText(column.call[i]) },
    { name: 'Puts', text: dollarsText(column.put[i]) },
    { name: 'Net', text: signedDollars(column.net[i]) },
    { name: 'Meaning', text: meaning(column.net[i]) },
    {
      name: 'Open interest',
      text: `${column.callOpenInterest[i].toLocaleString('en-US')} calls, ${column.putOpenInterest[i].toLocaleString('en-US')} puts`,
    },
    {
      name: 'Volatility',
      text: `calls ${volatilityText(column.callVolatility[i])}, puts ${volatilityText(column.putVolatility[i])}, a year`,
    },
  ];
}

/** For the crosshair: the nearest strike, and the levels, of that second. */
export function gexReadings(column: GexColumn | null, levels: GexLevels | null, priceInt: number): Reading[] {
  const readings: Reading[] = [];
  const i = column?.valid ? nearestStrike(column, priceInt) : -1;
  if (column && i >= 0) {
    const net = signedDollars(column.net[i]);
    const parts = `calls ${dollarsText(column.call[i])}, puts ${dollarsText(column.put[i])}`;
    readings.push({ name: 'GEX', text: `at ${priceIntText(column.strikePriceInt[i])}: ${net} (${parts})` });
  }
  if (levels?.valid) {
    const names = levelNames(levels).map(({ text }) => text);
    readings.push({ name: 'GEX levels', text: names.length > 0 ? names.join(', ') : 'none' });
  }
  return readings;
}
