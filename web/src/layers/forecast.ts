// The forecast: where price is expected in the next 30 seconds, as a path to the right of now (spec 5.8, 7.7; D-15). A piece of
// it is as opaque as its confidence, or the tenth of it where a calibration has ranked it (model/calibration.ts), and faint where
// there is none, so that what is little worth looks so.
import { clamp01, type Overlay, type Rgba } from './layer';

/** Opacity without any confidence, which is what most seconds have: still seen, on either ground. */
export const FAINTEST = 0.32;

const ink = (safe: boolean, light: boolean): [number, number, number] =>
  light ? (safe ? [0.36, 0.2, 0.0] : [0.55, 0.31, 0.0]) : safe ? [0.95, 0.9, 0.25] : [1.0, 0.83, 0.2];

const glslInk = (light: boolean, safe: boolean): string =>
  `vec3(${ink(safe, light)
    .map((part) => part.toFixed(2))
    .join(', ')})`;

/** Of the marks of the walls: neither that of the path nor that of the spot line. */
export const wallColour = ({ light }: { light: boolean }): Rgba => (light ? [0.2, 0.2, 0.35, 1] : [0.8, 0.8, 0.9, 1]);

export const forecast: Overlay = {
  id: 'forecast',
  name: 'Forecast',
  sentence:
    'Where is price expected in the next 30 seconds? The path is as opaque as it is confident; what that confidence was worth is said beside it. The short marks are the first walls above and below.',
  surface: 'forecast',
  field: 'the-path',
  key: 'r',
  absent: 'No forecast',
  unit: '',
  formula: 'v(h+1) = (1 − gamma) · v(h) + beta · F(h) / (1 + nu(h)), delta(h+1) = delta(h) + v(h+1)',
  glsl: `
    vec3 ink = light ? (safe ? ${glslInk(true, true)} : ${glslInk(true, false)})
                     : (safe ? ${glslInk(false, true)} : ${glslInk(false, false)});
    return vec4(ink, mix(${FAINTEST.toFixed(2)}, 1.0, clamp(v, 0.0, 1.0)));`,
  colour(v, { safe, light }) {
    return [...ink(safe, light), FAINTEST + (1 - FAINTEST) * clamp01(v)];
  },
  legend: { from: 0, to: 1 },
  words: (v) => (v > 0 && v < 0.005 ? '<0.01' : v.toFixed(2)),
};
