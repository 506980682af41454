// What the vacuum and gamma layers, and the lines of gamma, read in the shader.
import { gexProfile } from '../layers/gex_profile';
import { GEX_CELL_SHARE, GEX_HALF } from '../model/gex_lattice';
import { MISSING, RING_COLUMNS } from '../model/grid';
import { VACUUM_HALF } from '../model/surface_columns';

/** Of the field shown, as the shader counts them; `nothing`: no second of it has come. */
export const SOURCES = { velocity: 0, vacuum: 1, gex: 2, nothing: 3 } as const;
/** Where a pixel is higher than that many price increments, so many of them are looked at. */
const MOST_INCREMENTS = 16;

/**
 * `lattice_of` is (middle, whether the column is of this second, whether it can be trusted). A lattice counts in steps: heights are
 * ticks from the base tick times the steps in a tick, plus what the base is off a whole step.
 */
export const SURFACE_SHADER = `
uniform sampler2D u_vacuum, u_gex, u_levels;
uniform int u_source;
uniform bool u_lines;
uniform vec2 u_vacuum_steps, u_gex_steps;  // steps a tick; the base in steps less its whole part

vec3 lattice_of(sampler2D values, int half_rows, int slot, int age) {
  if (int(texelFetch(values, ivec2(slot, 2 * half_rows + 2), 0).r) != u_now - age) return vec3(0.0);
  float middle = texelFetch(values, ivec2(slot, 2 * half_rows + 1), 0).r;
  return vec3(middle, 1.0, middle > -1e8 ? 1.0 : 0.0);
}

float lattice_value(sampler2D values, int half_rows, int slot, float middle, float place) {
  int row = int(floor(place + 0.5) - middle) + half_rows;
  if (row < 0 || row > 2 * half_rows) return ${MISSING.toExponential(1)};
  return texelFetch(values, ivec2(slot, row), 0).r;
}

// Of the price increments under a pixel the mean, so that neither walls nor vacuum are lost between them.
vec4 vacuum_cell(int age, float tick) {
  int slot = slot_of(age);
  vec3 column = lattice_of(u_vacuum, ${VACUUM_HALF}, slot, age);
  if (column.z == 0.0) return vec4(0.0);
  float reach = u_per_pixel.y * u_vacuum_steps.x;
  int count = clamp(int(ceil(reach)), 1, ${MOST_INCREMENTS});
  float sum = 0.0;
  float found = 0.0;
  for (int i = 0; i < count; i++) {
    float by = ((float(i) + 0.5) / float(count) - 0.5) * reach;
    float v = lattice_value(u_vacuum, ${VACUUM_HALF}, slot, column.x, tick * u_vacuum_steps.x + u_vacuum_steps.y + by);
    if (v > -1e38) { sum += v; found += 1.0; }
  }
  return found > 0.0 ? paint(sum / found) : vec4(0.0);
}

vec4 gex_cell(int age, float tick) {
  int slot = slot_of(age);
  vec3 column = lattice_of(u_gex, ${GEX_HALF}, slot, age);
  float place = tick * u_gex_steps.x + u_gex_steps.y;
  if (column.z == 0.0 || abs(place - floor(place + 0.5)) > ${(GEX_CELL_SHARE / 2).toFixed(3)}) return vec4(0.0);
  return paint(lattice_value(u_gex, ${GEX_HALF}, slot, column.x, place));
}

// The field shown is known in this second and cannot be trusted.
bool untrusted(int age) {
  if (u_source == ${SOURCES.velocity} || u_source == ${SOURCES.nothing} || age < 0) return false;
  vec3 column = u_source == ${SOURCES.vacuum} ? lattice_of(u_vacuum, ${VACUUM_HALF}, slot_of(age), age)
                                              : lattice_of(u_gex, ${GEX_HALF}, slot_of(age), age);
  return column.y > column.z;
}

vec4 paint_line(float v, bool safe, bool light) {${gexProfile.glsl}
}

bool covers(float level, float tick) {
  float thick = max(1.0, floor(1.5 * u_dpr + 0.5));
  float away = (tick - level) / u_per_pixel.y + 0.5 * thick;
  return level > -1e8 && away >= 0.0 && away < thick;
}

// The flip is a whole line, the call wall long dashes, the put wall short ones. To the right of now they go on as they are now.
vec4 lines_at(int age, float tick, float along) {
  if (!u_lines || age >= ${RING_COLUMNS}) return vec4(0.0);
  vec4 levels = texelFetch(u_levels, ivec2(slot_of(age), 0), 0);
  if (int(levels.w) != u_now - age) return vec4(0.0);
  float dash = along / u_dpr;
  if (covers(levels.x, tick)) return paint_line(0.0, u_safe, u_light);
  if (covers(levels.y, tick) && mod(dash, 12.0) < 8.0) return paint_line(1.0, u_safe, u_light);
  if (covers(levels.z, tick) && mod(dash, 6.0) < 3.0) return paint_line(-1.0, u_safe, u_light);
  return vec4(0.0);
}`;
