// Pressure gradient: which way the resting orders of this price push.
import { HIDDEN, type Layer, signed } from './layer';

export const pressure: Layer = {
  id: 'pressure',
  name: 'Pressure',
  sentence: 'Which way do the resting orders here push price? Bids that build push up, asks that build push down.',
  surface: 'velocity',
  field: 'pressure_grad',
  unit: '1/s',
  formula: 'bids: +u_p, asks: −u_p, with u_p = phi_rest · u_ema_8',
  glsl: `
    if (abs(v) < 0.001) return vec4(0.0);
    vec3 up = safe ? (light ? vec3(0.75, 0.40, 0.0) : vec3(1.0, 0.62, 0.10))
                   : (light ? vec3(0.80, 0.10, 0.10) : vec3(1.0, 0.2, 0.2));
    vec3 down = safe ? (light ? vec3(0.05, 0.35, 0.75) : vec3(0.30, 0.65, 1.0))
                     : (light ? vec3(0.10, 0.10, 0.80) : vec3(0.2, 0.2, 1.0));
    return vec4(v > 0.0 ? up : down, steep(10.0 * abs(v)) * 0.8);`,
  colour(v, { safe, light }) {
    if (Math.abs(v) < 0.001) return HIDDEN;
    const up = safe ? (light ? [0.75, 0.4, 0] : [1, 0.62, 0.1]) : light ? [0.8, 0.1, 0.1] : [1, 0.2, 0.2];
    const down = safe ? (light ? [0.05, 0.35, 0.75] : [0.3, 0.65, 1]) : light ? [0.1, 0.1, 0.8] : [0.2, 0.2, 1];
    const [r, g, b] = v > 0 ? up : down;
    return [r, g, b, Math.tanh(10 * Math.abs(v)) * 0.8];
  },
  legend: { from: -0.2, to: 0.2 },
  stretch: { from: -0.2, to: 0.2 },
  startsIn: 'fixed',
  words: (v) => `${signed(v)} 1/s, ${v > 0 ? 'pushes up' : v < 0 ? 'pushes down' : 'no push'}`,
};
