// The profile of gamma exposure beside the price axis, and its levels as lines across the picture. The value of a line is its kind:
// above 0 the call wall, below 0 the put wall, 0 the flip.
import { type GexHue, gexHue, glslHue } from './gex_colours';
import type { Overlay } from './layer';

/** Opacity of a line. */
const LINE = 0.75;

const hueOf = (v: number): GexHue => (v > 0 ? 'call' : v < 0 ? 'put' : 'flip');

export const gexProfile: Overlay = {
  id: 'gex',
  name: 'GEX',
  sentence:
    'Gamma exposure now, by strike, beside the price axis: calls to the right, puts to the left, the tick between them is calls less puts. Lines: the flip, where the sum changes sign, and the strikes with the most of calls and of puts.',
  surface: 'gex_levels',
  field: 'flip_price_int',
  key: 'e',
  absent: 'No GEX',
  unit: 'per 1 %',
  formula:
    'gamma · open interest · multiplier · F² · 0.01 of calls and of puts; flip: the price at which calls less puts would be 0',
  glsl: `
    return vec4(v > 0.0 ? ${glslHue('call')} : v < 0.0 ? ${glslHue('put')} : ${glslHue('flip')}, ${LINE.toFixed(2)});`,
  colour: (v, { safe, light }) => [...gexHue(hueOf(v), safe, light), LINE],
  legend: { from: -1, to: 1 },
  words: (v) =>
    v > 0
      ? 'call wall: the strike with the most gamma exposure of calls'
      : v < 0
        ? 'put wall: the strike with the most of puts'
        : 'flip: where calls less puts change sign',
};
