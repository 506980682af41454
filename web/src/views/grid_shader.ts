// One pass paints the whole picture but the spot line: ground, grid lines, fields, options, marks, the now edge.
// Nothing is rebuilt when a second passes: lines are computed where they fall, and the ring only moves its head.
import { LAYERS } from '../layers/list';
import { MAX_REL_TICKS, RING_COLUMNS, ROWS } from '../model/grid';
import { ANOMALY, CROSSED, INVALID, LATE, NEW_EPOCH } from '../model/snapshots';
import { STRIKE_SHADER } from './strike_shader';
import { SOURCES, SURFACE_SHADER } from './surface_shader';

export const FULL_SCREEN_VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

const paints = LAYERS.map((layer, i) => `vec4 paint_${i}(float v, bool safe, bool light) {${layer.glsl}\n}`).join('\n');
const choices = LAYERS.map((_, i) => `case ${i}: return paint_${i}(v, u_safe, u_light);`).join('\n    ');

export const GRID_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler2DArray;

uniform sampler2DArray u_fields;
uniform sampler2D u_facts;
uniform int u_layer, u_now, u_now_slot, u_plane;
uniform vec4 u_scale;       // gain, offset, least and most of the scale in force (model/scale.ts)
uniform bool u_safe, u_light, u_any;
uniform vec2 u_origin;      // left edge in seconds from now, bottom edge in ticks from the base tick
uniform vec2 u_per_pixel;   // seconds and ticks per device pixel
uniform float u_dpr, u_height;
uniform ivec3 u_spacing;    // ticks between major, minor and micro lines; 0 = not drawn
uniform int u_base_tick;
uniform vec2 u_time_lines;  // seconds between time lines, and now modulo that
uniform vec3 u_background, u_margin, u_major, u_minor, u_micro, u_hatch, u_now_colour, u_epoch;
uniform vec3 u_crossed, u_late, u_anomaly;
uniform float u_now_alpha;
out vec4 o_colour;

// tanh as palettes use it: that of a graphics card may be no number from about 44 on, where it is 1 long before.
float steep(float x) { return tanh(min(x, 10.0)); }

${paints}

vec4 paint(float v) {
  if (v <= -1e38) return vec4(0.0);
  v = clamp(v * u_scale.x + u_scale.y, u_scale.z, u_scale.w);
  switch (u_layer) {
    ${choices}
  }
  return vec4(0.0);
}

int slot_of(int age) { return (u_now_slot - age + ${2 * RING_COLUMNS}) % ${RING_COLUMNS}; }

// Facts of the second \`age\` before now; a slot that holds another second counts as not loaded.
vec4 facts_of(int age) {
  if (!u_any || age < 0 || age >= ${RING_COLUMNS}) return vec4(0.0, 0.0, -1.0, 0.0);
  vec4 facts = texelFetch(u_facts, ivec2(slot_of(age), 0), 0);
  if (int(facts.z) != u_now - age) return vec4(0.0, 0.0, -1.0, 0.0);
  return facts;
}

${STRIKE_SHADER}

${SURFACE_SHADER}

vec4 cell(int age, vec4 facts, float tick) {
  if (facts.z < 0.0 || (int(facts.y) & ${INVALID}) != 0) return vec4(0.0);
  if (u_source == ${SOURCES.nothing}) return vec4(0.0);
  if (u_source == ${SOURCES.vacuum}) return vacuum_cell(age, tick);
  if (u_source == ${SOURCES.gex}) return gex_cell(age, tick);
  if (facts.x < -1e8) return vec4(0.0);
  int row = int(floor(tick - facts.x + 0.5)) + ${MAX_REL_TICKS};
  if (row < 0 || row >= ${ROWS}) return vec4(0.0);
  return paint(texelFetch(u_fields, ivec3(slot_of(age), row, u_plane), 0).r);
}

// Whether a line of one CSS pixel at multiples of \`spacing\` covers this pixel. Half open, so that a line between two
// pixels takes one of them, never none.
bool on_line(float at, float spacing, float per_pixel) {
  return mod(at / per_pixel + 0.5 * u_dpr, spacing / per_pixel) < u_dpr;
}

void main() {
  vec2 px = gl_FragCoord.xy;
  float x = u_origin.x + px.x * u_per_pixel.x;
  float tick = u_origin.y + px.y * u_per_pixel.y;
  vec3 colour = x > 0.0 ? u_margin : u_background;

  float absolute = tick + float(u_base_tick % (u_spacing.x > 0 ? u_spacing.x : 1));
  if (u_spacing.x > 0 && on_line(absolute, float(u_spacing.x), u_per_pixel.y)) colour = mix(colour, u_major, 0.6);
  else if (u_spacing.y > 0 && on_line(absolute, float(u_spacing.y), u_per_pixel.y)) colour = mix(colour, u_minor, 0.4);
  else if (u_spacing.z > 0 && on_line(absolute, float(u_spacing.z), u_per_pixel.y)) colour = mix(colour, u_micro, 0.25);
  if (on_line(x + u_time_lines.y, u_time_lines.x, u_per_pixel.x)) colour = mix(colour, u_minor, 0.4);

  // A window covers the second that ends at its stamp: age 0 is (-1, 0].
  int age = int(floor(-x));
  if (x <= 0.0) {
    vec4 facts = facts_of(age);
    int bits = int(facts.y);
    vec4 best = cell(age, facts, tick);
    vec4 over = strikes_at(age, facts, tick);
    // Where a pixel is wider than a cell, the strongest of the cells under it is shown, so that nothing falls between.
    int wide = clamp(int(ceil(u_per_pixel.x)), 1, 8);
    // Vacuum takes the mean over its prices itself; a strike is higher than a pixel.
    int high = u_source == ${SOURCES.velocity} ? clamp(int(ceil(u_per_pixel.y)), 1, 4) : 1;
    if (wide * high > 1) {
      for (int i = 0; i < wide; i++) {
        int other = int(floor(-x + (float(i) + 0.5 - 0.5 * float(wide)) / float(wide) * u_per_pixel.x));
        vec4 other_facts = facts_of(other);
        bits |= int(max(other_facts.y, 0.0));
        vec4 found_over = strikes_at(other, other_facts, tick);
        if (found_over.a > over.a) over = found_over;
        for (int j = 0; j < high; j++) {
          vec4 found = cell(other, other_facts, tick + (float(j) + 0.5 - 0.5 * float(high)) / float(high) * u_per_pixel.y);
          if (found.a > best.a) best = found;
        }
      }
    }
    colour = mix(colour, best.rgb, best.a);
    colour = mix(colour, over.rgb, over.a);
    if (facts.z >= 0.0 && ((int(facts.y) & ${INVALID}) != 0 || untrusted(age))) {
      float stripe = mod(px.x + px.y, 7.0 * u_dpr);
      colour = mix(colour, u_hatch, stripe < 1.2 * u_dpr ? 0.55 : 0.10);
    }
    // Marks: a thin line where the book restarted, short dashes along the bottom for the rest.
    float into = (x + float(age) + 1.0) / u_per_pixel.x;
    if ((bits & ${NEW_EPOCH}) != 0 && (into < u_dpr || wide > 1)) colour = mix(colour, u_epoch, 0.8);
    float row = floor(px.y / (3.0 * u_dpr));
    if (row == 0.0 && (bits & ${ANOMALY}) != 0) colour = u_anomaly;
    if (row == 1.0 && (bits & ${LATE}) != 0) colour = u_late;
    if (row == 2.0 && (bits & ${CROSSED}) != 0) colour = u_crossed;
  }

  vec4 line = lines_at(max(age, 0), tick, px.x);
  colour = mix(colour, line.rgb, line.a);

  float past_now = x / u_per_pixel.x;
  if (past_now >= 0.0 && past_now < u_dpr && mod(px.y, 8.0 * u_dpr) < 4.0 * u_dpr) colour = mix(colour, u_now_colour, u_now_alpha);
  o_colour = vec4(colour, 1.0);
}`;
