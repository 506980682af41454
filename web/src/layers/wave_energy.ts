// Wave energy: how strongly velocity oscillates, over three bands of time together.
import { clamp01, HIDDEN, type Layer, mix } from './layer';

export const waveEnergy: Layer = {
  id: 'energy',
  name: 'Wave energy',
  sentence: 'How restless is this price? Strength of the coming and going over 2 to 128 seconds.',
  surface: 'velocity',
  field: 'u_wave_energy',
  unit: '1/s',
  formula: '√(u_band_fast² + u_band_mid² + u_band_slow²)',
  glsl: `
    if (v < 0.001) return vec4(0.0);
    float alpha = min(5.0 * v, 0.8);
    float t = clamp(v / 0.6, 0.0, 1.0);
    if (safe) {
      vec3 dim = light ? vec3(0.99, 0.90, 0.35) : vec3(0.05, 0.20, 0.45);
      vec3 full = light ? vec3(0.0, 0.13, 0.30) : vec3(1.0, 0.92, 0.27);
      vec3 half_way = vec3(0.49, 0.48, 0.47);
      return vec4(t < 0.5 ? mix(dim, half_way, 2.0 * t) : mix(half_way, full, 2.0 * t - 1.0), alpha);
    }
    if (light) {
      vec3 warm = mix(vec3(1.0, 0.75, 0.15), vec3(0.85, 0.10, 0.05), min(2.0 * t, 1.0));
      return vec4(mix(warm, vec3(0.15, 0.0, 0.0), max(2.0 * t - 1.0, 0.0)), alpha);
    }
    return vec4(min(5.0 * v, 1.0), clamp(5.0 * v - 1.0, 0.0, 1.0), clamp(5.0 * v - 2.0, 0.0, 1.0), alpha);`,
  colour(v, { safe, light }) {
    if (v < 0.001) return HIDDEN;
    const alpha = Math.min(5 * v, 0.8);
    const t = clamp01(v / 0.6);
    if (safe) {
      const dim = light ? [0.99, 0.9, 0.35] : [0.05, 0.2, 0.45];
      const full = light ? [0, 0.13, 0.3] : [1, 0.92, 0.27];
      const halfWay = [0.49, 0.48, 0.47];
      return [...(t < 0.5 ? mix(dim, halfWay, 2 * t) : mix(halfWay, full, 2 * t - 1)), alpha];
    }
    if (light) {
      const warm = mix([1, 0.75, 0.15], [0.85, 0.1, 0.05], Math.min(2 * t, 1));
      return [...mix(warm, [0.15, 0, 0], Math.max(2 * t - 1, 0)), alpha];
    }
    return [Math.min(5 * v, 1), clamp01(5 * v - 1), clamp01(5 * v - 2), alpha];
  },
  legend: { from: 0, to: 0.6 },
  stretch: { from: 0, to: 0.6 },
  startsIn: 'fixed',
  words: (v) => `${v.toFixed(3)} 1/s, ${v < 0.05 ? 'calm' : v < 0.3 ? 'restless' : 'violent'}`,
};
