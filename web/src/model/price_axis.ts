// Levels of the price axis (spec 7.6). Ticks are absolute multiples of each level's spacing.
import { type PriceSteps, priceOfTick, priceText } from './prices';

export type AxisLevel = 'major' | 'minor' | 'micro';
export interface PriceMark {
  tick: number;
  level: AxisLevel;
  /** Null where the level has a line only. */
  label: string | null;
}

export interface AxisSpacing {
  major: number;
  minor: number;
  micro: number;
}

const MOST_LABELS = 100;
/** So few ticks fill the height only where a tick is a bucket: each then has its price. */
const MICRO_LABELLED = 15;

/**
 * Ticks between lines. Major lines are 5, 50, 0.5, … dollars apart, at most 20 ticks; minor ones a fifth of that: $5 and $1 for
 * ticks of $0.25 and of $0.50.
 */
export function spacingOf(tickInt: number): AxisSpacing {
  const most = (20 * tickInt) / 5e9;
  const dollars = 5 * 10 ** Math.floor(Math.log10(most) + 1e-9);
  const ticks = (price: number) => Math.max(1, Math.round((price * 1e9) / tickInt));
  const minor = ticks(dollars / 5);
  return { major: Math.max(minor, Math.round(ticks(dollars) / minor) * minor), minor, micro: 1 };
}

/** Which levels have lines when that many ticks are visible. */
export function levelsShown(visibleTicks: number): AxisLevel[] {
  if (visibleTicks > 80) return ['major'];
  if (visibleTicks > 30) return ['major', 'minor'];
  return ['major', 'minor', 'micro'];
}

function isLabelled(level: AxisLevel, visibleTicks: number): boolean {
  if (level === 'major') return true;
  return visibleTicks <= (level === 'minor' ? 50 : MICRO_LABELLED);
}

/** Marks between two ticks, ascending; a tick belongs to its coarsest level. */
export function priceMarks(bottom: number, top: number, steps: PriceSteps): PriceMark[] {
  const spacing = spacingOf(steps.tickInt);
  const visible = top - bottom;
  const levels = levelsShown(visible);
  const marks: PriceMark[] = [];
  let labels = 0;
  const step = spacing[levels[levels.length - 1]];
  for (let tick = Math.ceil(bottom / step) * step; tick <= top; tick += step) {
    const level = tick % spacing.major === 0 ? 'major' : tick % spacing.minor === 0 ? 'minor' : 'micro';
    const named = isLabelled(level, visible) && labels < MOST_LABELS;
    const label = named ? priceText(priceOfTick(tick, steps), steps) : null;
    if (label !== null) labels++;
    marks.push({ tick, level, label });
  }
  return marks;
}
