// Strikes of the options layer (spec 7.4): where a row of the options surface stands, and where its bar is drawn. Everything
// in ticks of the underlying; strikes are multiples of their step, absolute, while a row is told by its distance from spot.

export interface StrikeGrid {
  /** Ticks between two strikes: 20 for futures ($5), 2 for equities ($1). */
  stepTicks: number;
  /** Farthest strike from spot, in ticks. */
  halfWidthTicks: number;
}

/** Height of a bar as a share of the step: 8 ticks of 20. */
export const BAR_SHARE = 0.4;
/** A bar fades from 2.8 to 4 ticks of 20 off its middle: shares of the step. */
export const FADE_SHARES = [0.14, 0.2] as const;

/** Rows of a column: 21 for futures, 51 for equities. */
export const strikeCount = ({ stepTicks, halfWidthTicks }: StrikeGrid): number =>
  2 * Math.floor(halfWidthTicks / stepTicks) + 1;

/**
 * The strike a row at `tick` (spot and its rel_ticks) belongs to. The grid of the data is anchored at spot, and a strike half a
 * step above a row went to the row above it (ties upward, D-1); so a tie here goes down, which brings back the listed strike.
 */
export const strikeOf = (tick: number, stepTicks: number): number => Math.ceil(tick / stepTicks - 0.5) * stepTicks;

/** Place of a strike in the column of that spot; the middle one is the strike of spot itself. Beyond 0 and count - 1: none. */
export function strikeRow(strike: number, spotTick: number, grid: StrikeGrid): number {
  const middle = Math.floor(grid.halfWidthTicks / grid.stepTicks);
  return middle + Math.round((strike - strikeOf(spotTick, grid.stepTicks)) / grid.stepTicks);
}

/** Where the bar of a strike is drawn: above strikes over spot, below strikes under it, around the strike that is spot. */
export function barOf(strike: number, spotTick: number, stepTicks: number): { low: number; high: number } {
  const middle = strike + (Math.sign(strike - spotTick) * BAR_SHARE * stepTicks) / 2;
  return { low: middle - (BAR_SHARE * stepTicks) / 2, high: middle + (BAR_SHARE * stepTicks) / 2 };
}

/** The strike nearest to a height; half way between two, the one nearer to spot, as bars reach away from spot. */
export function strikeNear(tick: number, spotTick: number, stepTicks: number): number {
  const steps = tick / stepTicks;
  return (tick > spotTick ? Math.ceil(steps - 0.5) : Math.floor(steps + 0.5)) * stepTicks;
}
