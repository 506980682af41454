// What the page keeps of a second of each surface that is sent only when it is looked at.
import type { SurfaceName } from './surfaces';

interface Stamped {
  second: number;
  /** The whole second can be trusted; what is in one that cannot is not shown. */
  valid: boolean;
}

/** Levels of the vacuum surface around the spot of the second, in price increments. */
export interface VacuumColumn extends Stamped {
  surface: 'vacuum';
  /** Spot in price increments; 0 where there is none. */
  spot: number;
  /** vacuum_score by increments from spot, VACUUM_HALF of them to both sides; MISSING where no level stands. */
  scores: Float32Array;
}
export const VACUUM_HALF = 600;

/** Listed strikes around spot, ascending, and what stands at each: dollars per 1 % move of the underlying. */
export interface GexColumn extends Stamped {
  surface: 'gex';
  strikePriceInt: Float64Array;
  call: Float64Array;
  put: Float64Array;
  /** Calls less puts. */
  net: Float64Array;
  /** 1/sqrt(year); MISSING where there is none. */
  callVolatility: Float64Array;
  putVolatility: Float64Array;
  callOpenInterest: Float64Array;
  putOpenInterest: Float64Array;
}

/** Of the whole chain. Prices in 1e-9; null where there is none. */
export interface GexLevels extends Stamped {
  surface: 'gex_levels';
  callTotal: number;
  putTotal: number;
  total: number;
  flipPriceInt: number | null;
  callWallPriceInt: number | null;
  putWallPriceInt: number | null;
  priced: number;
  unpriced: number;
}

/** In the order of BAND_COLUMNS. */
export interface BandsRow extends Stamped {
  surface: 'physics_bands';
  values: Float64Array;
}

export type Approach = 'approach_up' | 'approach_down' | 'approach_none';

/** In the order of RADAR_FEATURES. */
export interface RadarRow extends Stamped {
  surface: 'radar';
  approach: string;
  values: Float64Array;
}

export interface SurfaceColumns {
  vacuum: VacuumColumn;
  gex: GexColumn;
  gex_levels: GexLevels;
  physics_bands: BandsRow;
  radar: RadarRow;
}

export type SurfaceColumn = SurfaceColumns[SurfaceName];

/** Place of the strike nearest to a price; -1 without any. */
export function nearestStrike({ strikePriceInt }: GexColumn, priceInt: number): number {
  let found = -1;
  for (let i = 0; i < strikePriceInt.length; i++)
    if (found < 0 || Math.abs(strikePriceInt[i] - priceInt) <= Math.abs(strikePriceInt[found] - priceInt)) found = i;
  return found;
}
