// Gamma exposure by strike and time: what dealers have to trade when the underlying moves by 1 %, calls less puts.
import { signedDollars } from '../model/dollars';
import { gexHue, glslHue } from './gex_colours';
import { HIDDEN, type Layer } from './layer';

const MILLION = 1e6;
/** Below that many millions nothing is painted. */
const LEAST = 1e-4;

export const gexText = (millions: number): string => signedDollars(millions * MILLION);

export const gex: Layer = {
  id: 'gex',
  name: 'Gamma',
  sentence:
    'Where do dealers have to trade when price moves? Gamma exposure of calls less puts at each strike, as if dealers held the calls and had written the puts: where calls outweigh they damp a move, where puts do they drive it on.',
  surface: 'gex',
  field: 'gex',
  unit: 'per 1 %',
  formula: 'gamma · open interest · multiplier · F² · 0.01, calls less puts',
  glsl: `
    if (abs(v) < ${LEAST}) return vec4(0.0);
    return vec4(v > 0.0 ? ${glslHue('call')} : ${glslHue('put')}, steep(abs(v) / 50.0) * 0.8);`,
  colour(v, { safe, light }) {
    if (Math.abs(v) < LEAST) return HIDDEN;
    return [...gexHue(v > 0 ? 'call' : 'put', safe, light), Math.tanh(Math.abs(v) / 50) * 0.8];
  },
  legend: { from: -100, to: 100 },
  stretch: { from: -100, to: 100 },
  // Dollars differ by product and by the hour of the day: no fixed scale shows both a quiet and a busy chain.
  startsIn: 'view',
  endText: gexText,
  words: (v) => {
    if (Math.abs(v) < LEAST) return '$0';
    return `${gexText(v)}, ${v > 0 ? 'calls outweigh: moves are damped' : 'puts outweigh: moves are driven on'}`;
  },
};
