// What a person chose once: remembered in this browser, never needed.

import type { ScaleKind } from './scale';

export interface Preferences {
  palette: 'specified' | 'safe';
  theme: 'dark' | 'light';
  folded: string[];
  /** By the layer's id; a layer without one starts in its own. */
  scales: Record<string, ScaleKind>;
  /** Whether options lie over the field. */
  options: boolean;
  /** Whether the forecast is shown. */
  forecast: boolean;
}

const KEY = 'spymaster.preferences';

export function readPreferences(storage: Pick<Storage, 'getItem'>): Preferences {
  const overlays = { options: true, forecast: true };
  const chosen: Preferences = { palette: 'specified', theme: 'dark', folded: [], scales: {}, ...overlays };
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return chosen;
    const found = stored as Record<string, unknown>;
    if (found.palette === 'safe') chosen.palette = 'safe';
    if (found.theme === 'light') chosen.theme = 'light';
    if (Array.isArray(found.folded)) chosen.folded = found.folded.filter((name) => typeof name === 'string');
    if (found.options === false) chosen.options = false;
    if (found.forecast === false) chosen.forecast = false;
    for (const [layer, scale] of Object.entries(found.scales ?? {}))
      if (scale === 'fixed' || scale === 'view') chosen.scales[layer] = scale;
  } catch {
    // Unreadable or forbidden storage: the defaults.
  }
  return chosen;
}

export function writePreferences(storage: Pick<Storage, 'setItem'>, preferences: Preferences): void {
  try {
    storage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Private windows may refuse; the choice then lasts until the page closes.
  }
}
