// The spot line (spec 7.5), at spot_ref or the mid: copies of one strip at small offsets in ticks, made in the vertex shader straight from the
// facts texture, so no buffer changes when a second passes. A segment with a missing or invalid end is not drawn.
import { RING_COLUMNS } from '../model/grid';
import { INVALID } from '../model/snapshots';

export interface SpotCopy {
  offset: number;
  colour: string;
  alpha: number;
}

export const CORE_OFFSETS = [-0.08, -0.04, 0, 0.04, 0.08];
export const GLOW: readonly SpotCopy[] = [
  { offset: 1.0, colour: '#0044aa', alpha: 0.08 },
  { offset: 0.7, colour: '#0066cc', alpha: 0.12 },
  { offset: 0.5, colour: '#0088dd', alpha: 0.18 },
  { offset: 0.3, colour: '#00aaee', alpha: 0.25 },
  { offset: 0.15, colour: '#00ccff', alpha: 0.4 },
].flatMap((copy) => [copy, { ...copy, offset: -copy.offset }]);

export const SPOT_VERTEX = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D u_facts;
uniform int u_now, u_now_slot, u_first_age;
uniform vec2 u_origin, u_per_pixel, u_size;
uniform float u_dpr, u_offset;

vec3 point(int age) {
  int slot = (u_now_slot - age + ${2 * RING_COLUMNS}) % ${RING_COLUMNS};
  vec4 facts = texelFetch(u_facts, ivec2(slot, 0), 0);
  bool there = age >= 0 && age < ${RING_COLUMNS} && int(facts.z) == u_now - age && facts.w > -1e8
      && (int(facts.y) & ${INVALID}) == 0;
  vec2 at = (vec2(-float(age), facts.w + u_offset) - u_origin) / u_per_pixel;
  return vec3(at, there ? 1.0 : 0.0);
}

// Six vertices a segment: a thin rectangle along it, as wide as one CSS pixel.
void main() {
  int age = u_first_age + gl_VertexID / 6;
  vec3 from = point(age + 1);
  vec3 to = point(age);
  vec2 along = normalize(to.xy - from.xy);
  vec2 across = vec2(-along.y, along.x) * 0.5 * u_dpr;
  int corner = gl_VertexID % 6;
  bool at_from = corner == 0 || corner == 2 || corner == 5;
  bool above = corner == 0 || corner == 1 || corner == 3;
  vec2 at = (at_from ? from.xy : to.xy) + (above ? across : -across);
  gl_Position = from.z * to.z > 0.5 ? vec4(at / u_size * 2.0 - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}`;

export const SPOT_FRAGMENT = `#version 300 es
precision highp float;
uniform vec4 u_colour;
out vec4 o_colour;
void main() { o_colour = u_colour; }`;
