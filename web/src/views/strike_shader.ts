// What the options layer reads in the shader: its texture, by strike. The layer itself says where a bar is and how it is painted.
import { options } from '../layers/options';
import { MISSING } from '../model/grid';
import { INVALID } from '../model/snapshots';

/**
 * Heights are in ticks from the reference strike, the one nearest to the base tick, so that strikes are multiples of the step and
 * whole numbers stay exact in 32 bits. `strikes_at` is the colour over a height in the second `age` before now.
 */
export const STRIKE_SHADER = `
uniform sampler2D u_strikes;
uniform bool u_options;
uniform float u_strike_step, u_reference;  // ticks between strikes; reference strike less the base tick
uniform int u_strike_rows;

float strike_value(float strike, float spot, int slot) {
  // Ties go down (model/strikes.ts); a quarter of a tick keeps an inexact division from deciding them.
  float own = ceil((spot - 0.25) / u_strike_step - 0.5) * u_strike_step;
  int row = (u_strike_rows - 1) / 2 + int(floor((strike - own) / u_strike_step + 0.5));
  if (row < 0 || row >= u_strike_rows) return ${MISSING.toExponential(1)};
  return texelFetch(u_strikes, ivec2(slot, row), 0).r;
}

vec4 paint_options(float v, bool safe, bool light) {${options.glsl}
}
${options.placing}

vec4 strikes_at(int age, vec4 facts, float tick) {
  if (!u_options || facts.z < 0.0 || (int(facts.y) & ${INVALID}) != 0) return vec4(0.0);
  int slot = slot_of(age);
  if (int(texelFetch(u_strikes, ivec2(slot, u_strike_rows + 1), 0).r) != u_now - age) return vec4(0.0);
  float spot = texelFetch(u_strikes, ivec2(slot, u_strike_rows), 0).r - u_reference;
  return bar(tick - u_reference, spot, slot, u_safe, u_light);
}`;
