// Vacuum: how easily each level of the book gives way. Between wall and vacuum lies a level where nothing happens, which is faint.
import { clamp01, type Layer, mix } from './layer';

type Colour = readonly [number, number, number];
interface Stops {
  wall: Colour;
  still: Colour;
  open: Colour;
}

/** Score of a level where nothing happens, by the bootstrap's bounds: half of two of its four measures. */
export const STILL = 0.25;
/** Opacity there, and what a whole wall and a whole vacuum have more. */
const [FAINT, WALL, OPEN] = [0.1, 0.6, 0.8];

const STOPS: Record<'specified' | 'safe', { dark: Stops; light: Stops }> = {
  specified: {
    dark: { wall: [0.25, 0.5, 0.95], still: [0.45, 0.42, 0.6], open: [1, 0.45, 0.15] },
    light: { wall: [0.1, 0.3, 0.75], still: [0.4, 0.38, 0.55], open: [0.85, 0.25, 0] },
  },
  safe: {
    dark: { wall: [0.3, 0.45, 0.85], still: [0.4, 0.5, 0.5], open: [0.99, 0.91, 0.15] },
    light: { wall: [0.1, 0.2, 0.6], still: [0.4, 0.45, 0.45], open: [0.75, 0.5, 0] },
  },
};

/** One of the stops as an expression of GLSL in `safe` and `light`. */
function glslStop(name: keyof Stops): string {
  const { specified, safe } = STOPS;
  const vec3 = (of: Stops) => `vec3(${of[name].map((part) => part.toFixed(2)).join(', ')})`;
  return `(safe ? (light ? ${vec3(safe.light)} : ${vec3(safe.dark)}) : (light ? ${vec3(specified.light)} : ${vec3(specified.dark)}))`;
}

export const vacuum: Layer = {
  id: 'vacuum',
  name: 'Vacuum',
  sentence:
    'Does the book give way here? 0 is a wall that grows, 0.25 a level where nothing happens, 1 a vacuum: rested orders are pulled faster than new ones come, and depth erodes.',
  surface: 'vacuum',
  field: 'vacuum_score',
  unit: 'score',
  formula:
    'mean of pull against add, pulling, erosion and the second change of pull against add, each 0 to 1 by the calibration',
  glsl: `
    float away = clamp(v, 0.0, 1.0) - ${STILL.toFixed(2)};
    float share = sqrt(away < 0.0 ? -away / ${STILL.toFixed(2)} : away / ${(1 - STILL).toFixed(2)});
    vec3 end = away < 0.0 ? ${glslStop('wall')} : ${glslStop('open')};
    float most = away < 0.0 ? ${WALL.toFixed(2)} : ${OPEN.toFixed(2)};
    return vec4(mix(${glslStop('still')}, end, share), ${FAINT.toFixed(2)} + most * share);`,
  colour(v, { safe, light }) {
    const { wall, still, open } = STOPS[safe ? 'safe' : 'specified'][light ? 'light' : 'dark'];
    const away = clamp01(v) - STILL;
    const share = Math.sqrt(away < 0 ? -away / STILL : away / (1 - STILL));
    return [...mix(still, away < 0 ? wall : open, share), FAINT + (away < 0 ? WALL : OPEN) * share];
  },
  legend: { from: 0, to: 1 },
  // The half that opens: what is under the visible tenth stands, and is faint.
  stretch: { from: STILL, to: 1 },
  startsIn: 'fixed',
  words: (v) => `${v.toFixed(2)}, ${v < 0.2 ? 'wall' : v < 0.3 ? 'stands' : v < 0.6 ? 'gives way' : 'vacuum'}`,
};
