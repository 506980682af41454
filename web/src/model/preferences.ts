// What a person chose once: remembered in this browser, never needed.

import type { ScaleKind } from './scale';
import { SHOWN, type ShownName } from './url_state';

export interface Preferences {
  palette: 'specified' | 'safe';
  theme: 'dark' | 'light';
  folded: string[];
  /** Groups of the radar that are folded. */
  radarFolded: string[];
  /** By the layer's id; a layer without one starts in its own. */
  scales: Record<string, ScaleKind>;
  /** What is shown. */
  shown: Record<ShownName, boolean>;
}

const KEY = 'spymaster.preferences';

export function readPreferences(storage: Pick<Storage, 'getItem'>): Preferences {
  const shown = { options: true, forecast: true, gex: true, bands: false, radar: false };
  const chosen: Preferences = {
    palette: 'specified',
    theme: 'dark',
    folded: [],
    radarFolded: ['up'],
    scales: {},
    shown,
  };
  try {
    const stored: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return chosen;
    const found = stored as Record<string, unknown>;
    if (found.palette === 'safe') chosen.palette = 'safe';
    if (found.theme === 'light') chosen.theme = 'light';
    if (Array.isArray(found.folded)) chosen.folded = found.folded.filter((name) => typeof name === 'string');
    if (Array.isArray(found.radarFolded))
      chosen.radarFolded = found.radarFolded.filter((name) => typeof name === 'string');
    for (const name of SHOWN) {
      const was = (found.shown as Record<string, unknown> | undefined)?.[name];
      if (typeof was === 'boolean') chosen.shown[name] = was;
    }
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
