// The scale in force: which values stand at the ends of a palette. Fixed as specified, or following what is visible:
// its 10th to 98th percentile, and for a field with a sign the 98th of its size to both sides, so that 0 stays 0. The least
// tenth is ground: what is wanted are the walls, and a few thin cells at spot must not take half the palette.

import { isMissing } from './grid';

export type ScaleKind = 'fixed' | 'view';

export interface Ends {
  from: number;
  to: number;
}

/** A value is painted as `clamp(value * gain + offset, least, most)` would be on the fixed scale. */
export interface Scale {
  kind: ScaleKind;
  /** Values at the ends of the legend. */
  ends: Ends;
  gain: number;
  offset: number;
  least: number;
  most: number;
}

/** Part of the session that is on the screen: seconds from now, absolute ticks. */
export interface SeenPart {
  now: number;
  left: number;
  right: number;
  bottom: number;
  top: number;
}

const SAMPLES = 512;
const FEWEST = 32;
const [LEAST, MOST] = [0.1, 0.98];
const BEYOND = 3e38;
/** Ends that moved by less than this share of their distance stay, so that a still market is a still picture. */
const STEADY = 0.03;
/** Steps of a two-dimensional low-discrepancy sequence: even cover, and no beat with levels at round prices. */
const STEP_TIME = 0.7548776662466927;
const STEP_PRICE = 0.5698402909980532;

export const fixedScale = (ends: Ends): Scale => ({
  kind: 'fixed',
  ends,
  gain: 1,
  offset: 0,
  least: -BEYOND,
  most: BEYOND,
});

/** The values between `ends` spread over what `palette` spans on the fixed scale. */
export function viewScale(palette: Ends, ends: Ends): Scale {
  const gain = (palette.to - palette.from) / (ends.to - ends.from);
  return { kind: 'view', ends, gain, offset: palette.from - ends.from * gain, least: palette.from, most: palette.to };
}

export const scaled = (value: number, scale: Scale): number =>
  Math.min(scale.most, Math.max(scale.least, value * scale.gain + scale.offset));

/** Where values are read: which seconds have any, and the value at a height in ticks, MISSING where there is none. */
export interface FieldSource {
  shows(second: number): boolean;
  value(second: number, height: number): number;
}

const samples = new Float32Array(SAMPLES);

/**
 * A sample of a field's values on the screen, of at most SAMPLES cells, the same for the same part. Left out: what is not
 * loaded or not valid, and values for which `shows` is false. The array is reused by the next call.
 */
export function sampleSeen(source: FieldSource, part: SeenPart, shows: (value: number) => boolean): Float32Array {
  const last = Math.min(part.now, Math.ceil(part.now + part.right));
  const seconds: number[] = [];
  for (let second = Math.floor(part.now + part.left); second <= last; second++)
    if (source.shows(second)) seconds.push(second);
  const [low, high] = [Math.ceil(part.bottom), Math.floor(part.top)];
  let found = 0;
  let [along, up] = [0, 0];
  for (let i = 0; i < SAMPLES && seconds.length > 0; i++) {
    along += along + STEP_TIME < 1 ? STEP_TIME : STEP_TIME - 1;
    up += up + STEP_PRICE < 1 ? STEP_PRICE : STEP_PRICE - 1;
    const second = seconds[Math.floor(along * seconds.length)];
    const rows = up * (high - low + 1);
    // Within its row as well: where a row gathers many prices, its middle is not like the others.
    const value = source.value(second, low + rows - 0.5);
    if (!isMissing(value) && shows(value)) samples[found++] = value;
  }
  return samples.subarray(0, found);
}

/** Percentile ends of a sample, which is sorted on the way; null where it says too little. */
export function percentileEnds(sample: Float32Array, signed: boolean): Ends | null {
  if (sample.length < FEWEST) return null;
  if (signed) for (let i = 0; i < sample.length; i++) sample[i] = Math.abs(sample[i]);
  sample.sort();
  const at = (share: number) => sample[Math.round(share * (sample.length - 1))];
  const [from, to] = [signed ? -at(MOST) : at(LEAST), at(MOST)];
  return to - from > 1e-6 * Math.max(1, Math.abs(to)) ? { from, to } : null;
}

/** Whether new ends are so near the old that the picture keeps the old. */
export function isSteady(old: Ends, found: Ends): boolean {
  const moved = Math.max(Math.abs(old.from - found.from), Math.abs(old.to - found.to));
  return moved < STEADY * (old.to - old.from);
}
