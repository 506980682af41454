// Options: whether the orders in the options of a strike build or leave, as a bar at the strike (spec 7.4).
import { BAR_SHARE, FADE_SHARES } from '../model/strikes';
import { HIDDEN, type StrikeOverlay } from './layer';

export const options: StrikeOverlay = {
  id: 'options',
  name: 'Options',
  sentence:
    'Do the orders in the options of a strike build or leave? Calls and puts, bids and asks together; the bar of a strike stands above its line over spot, below it under spot.',
  surface: 'options',
  field: 'liquidity_velocity',
  key: 'o',
  absent: 'No options',
  unit: '1/s',
  formula: 'sum over right and side of u = add − pull − fill intensity',
  placing: `
vec4 bar(float y, float spot, int slot, bool safe, bool light) {
  float strike = floor(y / u_strike_step + 0.5) * u_strike_step;
  float v = strike_value(strike, spot, slot);
  if (v <= -1e38) return vec4(0.0);
  float middle = strike + sign(strike - spot) * ${(BAR_SHARE / 2).toFixed(3)} * u_strike_step;
  float away = abs(y - middle) / u_strike_step;
  vec4 colour = paint_options(v, safe, light);
  return vec4(colour.rgb, colour.a * (1.0 - smoothstep(${FADE_SHARES[0].toFixed(3)}, ${FADE_SHARES[1].toFixed(3)}, away)));
}`,
  glsl: `
    if (abs(v) < 0.001) return vec4(0.0);
    vec3 up = safe ? (light ? vec3(0.0, 0.40, 0.38) : vec3(0.60, 1.0, 0.92))
                   : (light ? vec3(0.0, 0.52, 0.60) : vec3(0.0, 1.0, 1.0));
    vec3 down = safe ? (light ? vec3(0.60, 0.10, 0.40) : vec3(0.80, 0.35, 0.62))
                     : (light ? vec3(0.72, 0.0, 0.68) : vec3(1.0, 0.0, 1.0));
    return vec4(v > 0.0 ? up : down, steep(0.3 * abs(v)) * 0.85);`,
  colour(v, { safe, light }) {
    if (Math.abs(v) < 0.001) return HIDDEN;
    const up = safe ? (light ? [0, 0.4, 0.38] : [0.6, 1, 0.92]) : light ? [0, 0.52, 0.6] : [0, 1, 1];
    const down = safe ? (light ? [0.6, 0.1, 0.4] : [0.8, 0.35, 0.62]) : light ? [0.72, 0, 0.68] : [1, 0, 1];
    const [r, g, b] = v > 0 ? up : down;
    return [r, g, b, Math.tanh(0.3 * Math.abs(v)) * 0.85];
  },
  legend: { from: -5, to: 5 },
  words: (v) => (Math.abs(v) < 0.005 ? 'still' : `${v > 0 ? 'growing' : 'shrinking'} ${Math.abs(v).toFixed(2)}/s`),
};
