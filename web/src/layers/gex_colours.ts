// Hues of gamma exposure, the same in the heatmap, the profile and the lines: calls one, puts the other, the flip neither.

export type GexHue = 'call' | 'put' | 'flip';

const HUES: Record<GexHue, Record<'specified' | 'safe', readonly [readonly number[], readonly number[]]>> = {
  call: {
    specified: [
      [0.24, 0.86, 0.59],
      [0, 0.48, 0.3],
    ],
    safe: [
      [0.3, 0.64, 1],
      [0.05, 0.35, 0.75],
    ],
  },
  put: {
    specified: [
      [1, 0.42, 0.34],
      [0.78, 0.17, 0.08],
    ],
    safe: [
      [1, 0.66, 0.1],
      [0.7, 0.38, 0],
    ],
  },
  flip: {
    specified: [
      [0.93, 0.93, 1],
      [0.2, 0.2, 0.3],
    ],
    safe: [
      [0.93, 0.93, 1],
      [0.2, 0.2, 0.3],
    ],
  },
};

/** Red, green, blue on either ground. */
export const gexHue = (hue: GexHue, safe: boolean, light: boolean): [number, number, number] => {
  const [r, g, b] = HUES[hue][safe ? 'safe' : 'specified'][light ? 1 : 0];
  return [r, g, b];
};

const vec3 = (hue: GexHue, safe: boolean, light: boolean): string =>
  `vec3(${gexHue(hue, safe, light)
    .map((part) => part.toFixed(2))
    .join(', ')})`;

/** The hue as an expression of GLSL in `safe` and `light`. */
export const glslHue = (hue: GexHue): string =>
  `(light ? (safe ? ${vec3(hue, true, true)} : ${vec3(hue, false, true)}) : (safe ? ${vec3(hue, true, false)} : ${vec3(hue, false, false)}))`;
