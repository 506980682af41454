// Parts of a legend: the palette as a gradient, the values at its ends, the way to its formula.
import type { Look, Rgba } from '../layers/layer';
import type { Ends } from '../model/scale';

export const css = ([r, g, b, a]: Rgba): string =>
  `rgba(${Math.round(r * 255)}, ${Math.round(g * 255)}, ${Math.round(b * 255)}, ${a})`;

/** The palette between two values, as it stands on the ground: what a cell of that value looks like. */
export function ramp(layer: { colour(value: number, look: Look): Rgba }, { from, to }: Ends, look: Look): string {
  const steps = 24;
  const stops = Array.from({ length: steps + 1 }, (_, i) => css(layer.colour(from + ((to - from) * i) / steps, look)));
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

export const endText = (value: number): string => (value < 0 ? `−${-value}` : value > 0 ? `${value}` : '0');

/** Which text of the documentation has the formulas of a surface; else that of the physics. */
const PAGES: Record<string, string> = {
  forecast: 'forecast',
  gex: 'gamma',
  gex_levels: 'gamma',
  vacuum: 'vacuum',
  physics_bands: 'vacuum',
  radar: 'radar',
};

/** The formula of what is shown, in the documentation built with the page (formula_page.ts). */
export const formulaAddress = (layer: { field: string; surface: string }): string =>
  `docs/${PAGES[layer.surface] ?? 'physics'}.html#${layer.field}`;
