// Prices of any instrument: what its rows are apart, what its prices move by, how both are written. All in 1e-9.

export interface PriceSteps {
  /** Between two rows of the picture. */
  tickInt: number;
  /** Smallest step of a price of the market; below tickInt where prices are gathered into buckets. */
  priceIncrementInt: number;
}

/** Whether a row gathers several prices: then it says less than the mid, and the line follows the mid. */
export const isBucketed = ({ tickInt, priceIncrementInt }: PriceSteps): boolean => priceIncrementInt < tickInt;

/** Digits behind the point that write every multiple of a step; at least the two of a dollar. */
export function decimalsOf(stepInt: number): number {
  let decimals = 2;
  while (decimals < 9 && stepInt % 10 ** (9 - decimals) !== 0) decimals++;
  return decimals;
}

/** "4810.25": digits of the finer of the two steps, so that all prices of an instrument are equally wide. */
export const pointsText = (price: number, { tickInt, priceIncrementInt }: PriceSteps): string =>
  price.toFixed(Math.max(decimalsOf(tickInt), decimalsOf(priceIncrementInt)));

export const priceText = (price: number, steps: PriceSteps): string => `$${pointsText(price, steps)}`;

export const priceOfTick = (tick: number, { tickInt }: Pick<PriceSteps, 'tickInt'>): number => (tick * tickInt) / 1e9;

/** The price of the market nearest to a height on the picture. */
export function nearestPrice(tick: number, { tickInt, priceIncrementInt }: PriceSteps): number {
  return (Math.round((tick * tickInt) / priceIncrementInt) * priceIncrementInt) / 1e9;
}

/** "6,930" or "480.50": a strike as it is spoken of. */
export const strikeText = (price: number): string =>
  price.toLocaleString('en-US', { minimumFractionDigits: Number.isInteger(price) ? 0 : 2, maximumFractionDigits: 3 });

/** How a distance in rows is said: a tick of the market, or a bucket of that many dollars. */
export function rowsText(rows: number, steps: PriceSteps): string {
  const one = isBucketed(steps) ? `row of ${priceText(priceOfTick(1, steps), steps)}` : 'tick';
  return `${rows} ${rows === 1 ? one : one.replace(/^(row|tick)/, '$1s')}`;
}

/** What the line over the picture shows, by name. */
export const lineName = (steps: PriceSteps): 'mid' | 'spot ref' => (isBucketed(steps) ? 'mid' : 'spot ref');

/** What quantities of a product are counted in. */
export const quantityName = (productType: string): string => (productType.startsWith('equity') ? 'shares' : 'lots');
