// Vacuum: how easily each level of the book gives way.
import { clamp01, type Layer, mix } from './layer';

type Stops = readonly [readonly number[], readonly number[], readonly number[]];

/** Wall, half way, vacuum. */
function stops(safe: boolean, light: boolean): Stops {
  if (safe)
    return light
      ? [
          [0.1, 0.2, 0.5],
          [0.05, 0.45, 0.45],
          [0.75, 0.55, 0],
        ]
      : [
          [0.25, 0.35, 0.65],
          [0.15, 0.6, 0.55],
          [0.99, 0.91, 0.15],
        ];
  return light
    ? [
        [0.1, 0.3, 0.75],
        [0.45, 0.2, 0.5],
        [0.85, 0.25, 0],
      ]
    : [
        [0.25, 0.5, 0.95],
        [0.55, 0.3, 0.65],
        [1, 0.45, 0.15],
      ];
}

/** One of the stops as an expression of GLSL in `safe` and `light`. */
function glslStop(i: 0 | 1 | 2): string {
  const of = (safe: boolean, light: boolean) =>
    `vec3(${stops(safe, light)
      [i].map((part) => part.toFixed(2))
      .join(', ')})`;
  return `(safe ? (light ? ${of(true, true)} : ${of(true, false)}) : (light ? ${of(false, true)} : ${of(false, false)}))`;
}

export const vacuum: Layer = {
  id: 'vacuum',
  name: 'Vacuum',
  sentence:
    'Does the book give way here? 0 is a wall that stands, 1 a vacuum: rested orders are pulled faster than new ones come, and depth erodes.',
  surface: 'vacuum',
  field: 'vacuum_score',
  unit: 'score',
  formula:
    'mean of pull against add, pulling, erosion and the second change of pull against add, each 0 to 1 by the calibration',
  glsl: `
    float t = clamp(v, 0.0, 1.0);
    vec3 half_way = ${glslStop(1)};
    vec3 colour = t < 0.5 ? mix(${glslStop(0)}, half_way, 2.0 * t) : mix(half_way, ${glslStop(2)}, 2.0 * t - 1.0);
    return vec4(colour, 0.25 + 0.65 * t);`,
  colour(v, { safe, light }) {
    const t = clamp01(v);
    const [wall, half, open] = stops(safe, light);
    return [...(t < 0.5 ? mix(wall, half, 2 * t) : mix(half, open, 2 * t - 1)), 0.25 + 0.65 * t];
  },
  legend: { from: 0, to: 1 },
  stretch: { from: 0, to: 1 },
  startsIn: 'fixed',
  words: (v) => `${v.toFixed(2)}, ${v < 0.2 ? 'wall' : v < 0.45 ? 'holds' : v < 0.7 ? 'gives way' : 'vacuum'}`,
};
