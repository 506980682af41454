// Viscosity: how hard it is for price to move through here.
import { HIDDEN, type Layer } from './layer';

export const viscosity: Layer = {
  id: 'viscosity',
  name: 'Viscosity',
  sentence: 'How hard is it to move through this price? 1 is empty space; more is thicker.',
  surface: 'velocity',
  field: 'nu',
  unit: '',
  formula: 'nu = 1 + Omega_near + 2 · max(0, Omega_prom)',
  glsl: `
    if (v <= 1.001) return vec4(0.0);
    vec3 colour = safe ? (light ? vec3(0.35, 0.15, 0.60) : vec3(0.75, 0.55, 1.0)) : vec3(0.6, 0.0, 0.8);
    return vec4(colour, steep((v - 1.0) * 0.5) * 0.6);`,
  colour(v, { safe, light }) {
    if (v <= 1.001) return HIDDEN;
    const [r, g, b] = safe ? (light ? [0.35, 0.15, 0.6] : [0.75, 0.55, 1]) : [0.6, 0, 0.8];
    return [r, g, b, Math.tanh((v - 1) * 0.5) * 0.6];
  },
  legend: { from: 1, to: 6 },
  stretch: { from: 1, to: 3.5 },
  // Of a quiet hour of ES 98 % of the cells are above 3.7, where the fixed scale is nearly one colour.
  startsIn: 'view',
  // What is ordinary was read off a quiet hour of ES: nine of ten cells are below 7.2.
  words: (v, judged = true) => {
    if (v <= 1.001) return `${v.toFixed(3)}, empty`;
    return judged ? `${v.toFixed(3)}, ${v < 4 ? 'thin' : v < 7.2 ? 'ordinary' : 'thick'}` : v.toFixed(3);
  },
};
