// Obstacle: how much of a wall stands at this price.
import { HIDDEN, type Layer } from './layer';

export const obstacle: Layer = {
  id: 'obstacle',
  name: 'Obstacles',
  sentence: 'How much of a wall stands here? Depth, weighed by how much of it has rested and keeps growing.',
  surface: 'velocity',
  field: 'Omega',
  unit: '',
  formula: 'Omega = rho · (0.5 + 0.5 · phi_rest) · (1 + max(0, u_p_slow))',
  glsl: `
    if (v < 0.1) return vec4(0.0);
    return vec4(light ? vec3(0.20, 0.20, 0.35) : vec3(0.8, 0.8, 0.9), min(0.3 * v, 0.9));`,
  colour(v, { light }) {
    if (v < 0.1) return HIDDEN;
    const [r, g, b] = light ? [0.2, 0.2, 0.35] : [0.8, 0.8, 0.9];
    return [r, g, b, Math.min(0.3 * v, 0.9)];
  },
  legend: { from: 0, to: 3 },
  stretch: { from: 0, to: 3 },
  // Of a quiet hour of ES 98 % of the cells are above 3, where the fixed scale is one flat colour.
  startsIn: 'view',
  // What is ordinary was read off a quiet hour of ES: nine of ten cells are below 4.4.
  words: (v, judged = true) => {
    if (v < 0.1) return `${v.toFixed(3)}, nothing in the way`;
    return judged ? `${v.toFixed(3)}, ${v < 2.5 ? 'thin' : v < 4.4 ? 'ordinary' : 'a wall'}` : v.toFixed(3);
  },
};
