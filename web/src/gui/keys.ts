// Keys of the page. Pure: an event in, the name of an action out; a test goes through the list.

import { bands } from '../layers/bands';
import { forecast } from '../layers/forecast';
import { gexProfile } from '../layers/gex_profile';
import { options } from '../layers/options';
import { radar } from '../layers/radar';
import type { ShownName } from '../model/url_state';

export type KeyAction =
  | {
      do:
        | 'toggle'
        | 'goto'
        | 'pick'
        | 'help'
        | 'follow'
        | 'live'
        | 'save'
        | 'copy'
        | 'palette'
        | 'theme'
        | 'scale'
        | ShownName
        | 'escape';
    }
  | { do: 'step'; windows: number }
  | { do: 'faster'; by: 1 | -1 }
  | { do: 'field'; index: number };

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const PLAIN: Record<string, KeyAction> = {
  ' ': { do: 'toggle' },
  g: { do: 'goto' },
  '/': { do: 'pick' },
  '?': { do: 'help' },
  f: { do: 'follow' },
  Home: { do: 'follow' },
  l: { do: 'live' },
  s: { do: 'save' },
  c: { do: 'copy' },
  p: { do: 'palette' },
  t: { do: 'theme' },
  a: { do: 'scale' },
  [options.key]: { do: 'options' },
  [forecast.key]: { do: 'forecast' },
  [gexProfile.key]: { do: 'gex' },
  [bands.key]: { do: 'bands' },
  [radar.key]: { do: 'radar' },
  Escape: { do: 'escape' },
  '+': { do: 'faster', by: 1 },
  '=': { do: 'faster', by: 1 },
  '-': { do: 'faster', by: -1 },
  '−': { do: 'faster', by: -1 },
};

export function actionOf(press: KeyPress, layers: number): KeyAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === 'ArrowLeft') return { do: 'step', windows: press.shiftKey ? -60 : -1 };
  if (press.key === 'ArrowRight') return { do: 'step', windows: press.shiftKey ? 60 : 1 };
  if (/^[1-9]$/.test(press.key)) {
    const index = Number(press.key) - 1;
    return index < layers ? { do: 'field', index } : null;
  }
  return PLAIN[press.key] ?? PLAIN[press.key.toLowerCase()] ?? null;
}

/** The next of the offered speeds up or down; from a speed not on the list, its neighbour. */
export function nextSpeed(speed: number, by: 1 | -1, speeds: readonly number[]): number {
  const beyond = by > 0 ? speeds.filter((s) => s > speed) : speeds.filter((s) => s < speed).reverse();
  return beyond[0] ?? speed;
}

/** Where typing belongs to the element, not to the page. */
export function typesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type === 'text';
  return target instanceof HTMLSelectElement || target.isContentEditable;
}
