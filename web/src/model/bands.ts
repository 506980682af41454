// Bands of the book above and below spot: how far each reaches, what is measured in it, and the three scores of a second.

export const DIRECTIONS = ['above', 'below'] as const;
export type Direction = (typeof DIRECTIONS)[number];
export const BANDS = ['at', 'near', 'mid', 'far'] as const;
export type Band = (typeof BANDS)[number];
export const MEASURES = ['wall_strength', 'wall_erosion', 'vacuum'] as const;
export type Measure = (typeof MEASURES)[number];
export const SCORES = ['above_score', 'below_score', 'vacuum_total_score'] as const;

/** Distances from spot in price increments, both ends inside. */
export const BAND_REACH: Record<Band, readonly [number, number]> = {
  at: [0, 2],
  near: [3, 5],
  mid: [6, 14],
  far: [15, 20],
};

export const bandColumn = (direction: Direction, band: Band, measure: Measure): string =>
  `${direction}_${band}_${measure}_norm`;

/** The columns that are shown, in the order of the contract. */
export const BAND_COLUMNS: readonly string[] = [
  ...DIRECTIONS.flatMap((direction) =>
    BANDS.flatMap((band) => MEASURES.map((measure) => bandColumn(direction, band, measure))),
  ),
  ...SCORES,
];

/** By which bounds the measures were brought to 0 to 1: those of a session, the built-in ones, or not known. */
export type NormCalibration = { kind: 'session'; dt: string } | { kind: 'bootstrap' } | null;

export function calibrationText(calibration: NormCalibration): { text: string; more: string } {
  if (calibration === null)
    return { text: 'bounds not known', more: 'The server does not say by which bounds 0 to 1 was made.' };
  if (calibration.kind === 'session')
    return {
      text: `bounds of ${calibration.dt}`,
      more: `0 to 1 is the 5th to the 95th percentile of ${calibration.dt}, the session before.`,
    };
  return {
    text: 'bootstrap bounds',
    more: 'No earlier session was there to measure on: 0 to 1 is between built-in bounds, which need not suit this market.',
  };
}

/** Scores this near to each other are one. */
const ALIKE = 0.05;

/** Which way is the easier one, at a glance. */
export function easierWay(above: number, below: number): 'up' | 'down' | 'alike' {
  if (Math.abs(above - below) < ALIKE) return 'alike';
  return above > below ? 'up' : 'down';
}
