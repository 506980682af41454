// A layer of the grid is one file: what it reads, how it is painted, what its legend and its hover say.
import type { Ends, ScaleKind } from '../model/scale';

/** Red, green, blue, alpha, each 0 to 1, not premultiplied. Alpha 0 hides the cell. */
export type Rgba = readonly [number, number, number, number];

/** How a palette is asked for: the colour-blind-safe one, and on which ground. */
export interface Look {
  safe: boolean;
  light: boolean;
}

/** What every layer has. */
interface Painted {
  /** In the address of the page. */
  id: string;
  /** On the swatch. */
  name: string;
  /** On hover: what it says, without jargon. */
  sentence: string;
  unit: string;
  formula: string;
  /** GLSL ES 3.00 body of `vec4 paint(float v, bool safe, bool light)`; must agree with `colour`, and a test says so. `steep` is tanh. */
  glsl: string;
  colour(value: number, look: Look): Rgba;
  /** Values at the ends of the legend; beyond them the colour no longer changes much. */
  legend: Ends;
  /**
   * A value in words, its sign never by colour alone. `judged` false: without what is ordinary, which was read off futures and is
   * another for shares, where a row gathers fifty prices.
   */
  words(value: number, judged?: boolean): string;
}

/** A field by price and time: one of them is shown at a time. */
export interface Layer extends Painted {
  /** Which surface it is read from; what is not of velocity is sent only while it is shown. */
  surface: 'velocity' | 'vacuum' | 'gex';
  /** Its column there. */
  field: string;
  /** Ends of the legend as text, where a plain number would not do. */
  endText?(value: number): string;
  /** The stretch of the palette that the percentile scale uses: where differences are seen best. */
  stretch: Ends;
  /** The scale it has until a person chooses: the specified one, unless that shows nothing on an ordinary book. */
  startsIn: ScaleKind;
}

/** What lies over the field or beside it, and can be taken off. */
export interface Overlay extends Painted {
  surface: 'options' | 'forecast' | 'gex_levels';
  /** Column or heading its formula is found under. */
  field: string;
  key: string;
  /** On the toggle of a session that lacks it. */
  absent: string;
}

/** A panel beside the picture: what its button and its heading need. */
export interface PanelLayer extends Pick<Overlay, 'id' | 'name' | 'sentence' | 'field' | 'key' | 'absent' | 'formula'> {
  surface: 'physics_bands' | 'radar';
  legend: Ends;
  colour(value: number, look: Look): Rgba;
}

/** Bars at strikes. */
export interface StrikeOverlay extends Overlay {
  /** GLSL ES 3.00: `vec4 bar(float y, float spot, int slot, bool safe, bool light)`; views/strike_shader.ts says what it may use. */
  placing: string;
}

export const HIDDEN: Rgba = [0, 0, 0, 0];

export const clamp01 = (value: number): number => Math.min(1, Math.max(0, value));

export const mix = (a: readonly number[], b: readonly number[], t: number): [number, number, number] => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

/** A real number with its sign, three digits behind the point, a true minus: fixed width under tabular figures. */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return value > 0 ? `+${text}` : value < 0 ? `−${text}` : ` ${text}`;
}
