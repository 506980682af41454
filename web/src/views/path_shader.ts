// The path of the forecast: one slab of the picture a second, in which each pixel takes the strongest piece of the path that
// covers it. Slabs do not overlap, so that no joint is painted twice; only uniforms change when a second passes.
import { forecast } from '../layers/forecast';
import { HORIZONS } from '../model/forecast';

/** Half the width of the path, and the radius of the dots at whole tens of seconds, in CSS pixels. */
export const HALF_WIDTH = 1.1;
export const DOT_RADIUS = 3.5;
/** So many seconds to either side are looked at for pieces that reach into a slab; below that many pixels a slab is thinner. */
const MOST_NEIGHBOURS = 12;
export const DOT_EVERY = 10;

const PLACES = `
uniform float u_heights[${HORIZONS + 1}];     // ticks from spot; the first is 0
uniform vec2 u_spot;                          // place of spot at now, device pixels
uniform vec2 u_step;                          // device pixels a second, and a tick
uniform float u_dpr;
uniform int u_neighbours;

vec2 place(int h) { return u_spot + u_step * vec2(float(h), u_heights[h]); }`;

export const PATH_VERTEX = `#version 300 es
precision highp float;
precision highp int;
uniform vec2 u_size;
flat out int v_slab;
${PLACES}

void main() {
  v_slab = gl_VertexID / 6;
  int corner = gl_VertexID % 6;
  bool right = corner == 1 || corner == 4 || corner == 5;
  bool up = corner == 2 || corner == 3 || corner == 5;
  float reach = (${DOT_RADIUS.toFixed(1)} + 1.0) * u_dpr;
  float low = 1e9;
  float high = -1e9;
  for (int h = max(0, v_slab - u_neighbours); h <= min(${HORIZONS}, v_slab + 1 + u_neighbours); h++) {
    float y = place(h).y;
    low = min(low, y);
    high = max(high, y);
  }
  float x = place(v_slab + (right ? 1 : 0)).x;
  // The last dot reaches beyond the last second.
  if (right && v_slab == ${HORIZONS - 1}) x += reach;
  vec2 at = vec2(x, up ? high + reach : low - reach);
  gl_Position = vec4(at / u_size * 2.0 - 1.0, 0.0, 1.0);
}`;

export const PATH_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
uniform float u_weight[${HORIZONS + 1}];  // of the confidence of the piece that leads to a horizon; the first is not used
uniform bool u_safe, u_light, u_dots;
flat in int v_slab;
out vec4 o_colour;
${PLACES}

vec4 paint(float v, bool safe, bool light) {${forecast.glsl}
}

float covered(float away, float reach) { return clamp(reach * u_dpr + 0.5 - away, 0.0, 1.0); }

float to_piece(vec2 p, vec2 from, vec2 to) {
  vec2 along = to - from;
  float t = clamp(dot(p - from, along) / dot(along, along), 0.0, 1.0);
  return distance(p, from + t * along);
}

void main() {
  vec2 p = gl_FragCoord.xy;
  o_colour = vec4(0.0);
  for (int h = max(1, v_slab + 1 - u_neighbours); h <= min(${HORIZONS}, v_slab + 1 + u_neighbours); h++) {
    vec4 colour = paint(u_weight[h], u_safe, u_light);
    float cover = covered(to_piece(p, place(h - 1), place(h)), ${HALF_WIDTH.toFixed(2)});
    if (u_dots && h % ${DOT_EVERY} == 0) cover = max(cover, covered(distance(p, place(h)), ${DOT_RADIUS.toFixed(2)}));
    colour.a *= cover;
    if (colour.a > o_colour.a) o_colour = colour;
  }
}`;

/** Neighbouring seconds whose pieces and dots may reach into a slab that is so many CSS pixels wide. */
export const neighboursOf = (cssPixelsPerSecond: number): number =>
  Math.min(MOST_NEIGHBOURS, Math.ceil((DOT_RADIUS + 1) / cssPixelsPerSecond));
