// Levels of the price axis (spec 7.6). Ticks are absolute multiples of each level's spacing.

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

/** $5, $1 and one tick, for a tick of that many 1e-9. */
export function spacingOf(tickInt: number): AxisSpacing {
  const ticks = (dollars: number) => Math.max(1, Math.round((dollars * 1e9) / tickInt));
  return { major: ticks(5), minor: ticks(1), micro: 1 };
}

/** Which levels have lines when that many ticks are visible. */
export function levelsShown(visibleTicks: number): AxisLevel[] {
  if (visibleTicks > 80) return ['major'];
  if (visibleTicks > 30) return ['major', 'minor'];
  return ['major', 'minor', 'micro'];
}

export const priceText = (price: number): string => `$${price.toFixed(2)}`;

/** Marks between two ticks, ascending; a tick belongs to its coarsest level. */
export function priceMarks(bottom: number, top: number, tickInt: number): PriceMark[] {
  const spacing = spacingOf(tickInt);
  const visible = top - bottom;
  const levels = levelsShown(visible);
  const finest = levels[levels.length - 1];
  const marks: PriceMark[] = [];
  let labels = 0;
  const step = spacing[finest];
  for (let tick = Math.ceil(bottom / step) * step; tick <= top; tick += step) {
    const level = tick % spacing.major === 0 ? 'major' : tick % spacing.minor === 0 ? 'minor' : 'micro';
    const named = level === 'major' || (level === 'minor' && visible <= 50);
    const label = named && labels < MOST_LABELS ? priceText((tick * tickInt) / 1e9) : null;
    if (label !== null) labels++;
    marks.push({ tick, level, label });
  }
  return marks;
}
