// Liquidity velocity: what was added less what was pulled and filled, relative to what stood there.
import { HIDDEN, type Layer, signed } from './layer';

export const velocity: Layer = {
  id: 'velocity',
  name: 'Velocity',
  sentence: 'Is liquidity building or leaving here? Added less pulled and filled, relative to what stood at the price.',
  surface: 'velocity',
  field: 'liquidity_velocity',
  unit: '1/s',
  formula: 'u = add − pull − fill intensity, each (lots / (depth_qty_start + 1)) per second',
  glsl: `
    if (abs(v) < 0.001) return vec4(0.0);
    vec3 up = safe ? (light ? vec3(0.05, 0.35, 0.75) : vec3(0.30, 0.65, 1.0))
                   : (light ? vec3(0.0, 0.55, 0.33) : vec3(0.0, 1.0, 0.6));
    vec3 down = safe ? (light ? vec3(0.75, 0.40, 0.0) : vec3(1.0, 0.62, 0.10))
                     : (light ? vec3(0.85, 0.15, 0.05) : vec3(1.0, 0.27, 0.13));
    return vec4(v > 0.0 ? up : down, steep(2.0 * abs(v)) * 0.8);`,
  colour(v, { safe, light }) {
    if (Math.abs(v) < 0.001) return HIDDEN;
    const up = safe ? (light ? [0.05, 0.35, 0.75] : [0.3, 0.65, 1]) : light ? [0, 0.55, 0.33] : [0, 1, 0.6];
    const down = safe ? (light ? [0.75, 0.4, 0] : [1, 0.62, 0.1]) : light ? [0.85, 0.15, 0.05] : [1, 0.27, 0.13];
    const [r, g, b] = v > 0 ? up : down;
    return [r, g, b, Math.tanh(2 * Math.abs(v)) * 0.8];
  },
  legend: { from: -1, to: 1 },
  stretch: { from: -1, to: 1 },
  startsIn: 'fixed',
  words: (v) => `${signed(v)} 1/s, ${v > 0 ? 'building' : v < 0 ? 'leaving' : 'still'}`,
};
