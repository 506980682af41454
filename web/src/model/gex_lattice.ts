// Strikes as they are drawn: rows one step apart around a middle strike. The step is the largest of which every strike seen is a
// multiple, so that the data alone say it.
import { MISSING } from './grid';
import type { GexColumn } from './surface_columns';

/** Rows on either side of the middle one; strikes beyond are not drawn. */
export const GEX_HALF = 64;
/** A cell is as high as this share of the step. */
export const GEX_CELL_SHARE = 0.86;
const MILLION = 1e6;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

export class GexLattice {
  /** In 1e-9; 0 before two strikes were seen. */
  stepInt = 0;

  /** Takes notice of the strikes; true: the step is another, and what was placed before must be placed anew. */
  learn({ strikePriceInt }: GexColumn): boolean {
    if (strikePriceInt.length < 2) return false;
    const step = strikePriceInt.reduce(gcd, this.stepInt);
    const changed = step !== this.stepInt;
    this.stepInt = step;
    return changed;
  }

  /** Net of a column by rows, in millions, and the strike of the middle row in steps from price 0; null before there is a step. */
  place({ strikePriceInt, net }: GexColumn): { middle: number; values: Float32Array } | null {
    if (this.stepInt === 0 || strikePriceInt.length === 0) return null;
    const rows = Array.from(strikePriceInt, (price) => Math.round(price / this.stepInt));
    const middle = rows[rows.length >> 1];
    const values = new Float32Array(2 * GEX_HALF + 1).fill(MISSING);
    rows.forEach((row, i) => {
      const place = row - middle + GEX_HALF;
      if (place >= 0 && place < values.length) values[place] = net[i] / MILLION;
    });
    return { middle, values };
  }

  /** Net in millions of the strike whose cell covers a price; MISSING between cells. */
  value({ strikePriceInt, net }: GexColumn, priceInt: number): number {
    if (this.stepInt === 0) return MISSING;
    const row = Math.round(priceInt / this.stepInt);
    if (Math.abs(priceInt / this.stepInt - row) > GEX_CELL_SHARE / 2) return MISSING;
    const i = strikePriceInt.indexOf(row * this.stepInt);
    return i < 0 ? MISSING : net[i] / MILLION;
  }

  reset(): void {
    this.stepInt = 0;
  }
}
