import { describe, expect, it } from 'vitest';
import { actionOf, nextSpeed } from '../src/gui/keys';
import { gexProfile } from '../src/layers/gex_profile';
import { LAYERS, layerIndex, planeOf } from '../src/layers/list';
import { options } from '../src/layers/options';
import { FIELDS } from '../src/model/grid';
import { SPEEDS } from '../src/model/url_state';

const layer = (id: string) => LAYERS[layerIndex(id)];
const SPEC = { safe: false, light: false };
const close = (got: readonly number[], want: readonly number[]) =>
  want.forEach((v, i) => {
    expect(got[i]).toBeCloseTo(v, 12);
  });

describe('specified palettes (spec 7.3)', () => {
  it('velocity', () => {
    close(layer('velocity').colour(0.4, SPEC), [0, 1, 0.6, Math.tanh(0.8) * 0.8]);
    close(layer('velocity').colour(-0.4, SPEC), [1, 0.27, 0.13, Math.tanh(0.8) * 0.8]);
    expect(layer('velocity').colour(0.0009, SPEC)[3]).toBe(0);
    expect(layer('velocity').colour(-0.001, SPEC)[3]).toBeGreaterThan(0);
  });
  it('wave energy: black, red, yellow, white', () => {
    close(layer('energy').colour(0.1, SPEC), [0.5, 0, 0, 0.5]);
    close(layer('energy').colour(0.3, SPEC), [1, 0.5, 0, 0.8]);
    close(layer('energy').colour(1, SPEC), [1, 1, 1, 0.8]);
    expect(layer('energy').colour(0.0009, SPEC)[3]).toBe(0);
  });
  it('pressure', () => {
    close(layer('pressure').colour(0.05, SPEC), [1, 0.2, 0.2, Math.tanh(0.5) * 0.8]);
    close(layer('pressure').colour(-0.05, SPEC), [0.2, 0.2, 1, Math.tanh(0.5) * 0.8]);
    expect(layer('pressure').colour(0.0005, SPEC)[3]).toBe(0);
  });
  it('viscosity', () => {
    close(layer('viscosity').colour(3, SPEC), [0.6, 0, 0.8, Math.tanh(1) * 0.6]);
    expect(layer('viscosity').colour(1.001, SPEC)[3]).toBe(0);
  });
  it('obstacle', () => {
    close(layer('obstacle').colour(2, SPEC), [0.8, 0.8, 0.9, 0.6]);
    close(layer('obstacle').colour(5, SPEC), [0.8, 0.8, 0.9, 0.9]);
    expect(layer('obstacle').colour(0.0999, SPEC)[3]).toBe(0);
  });
});

describe('vacuum and gamma exposure', () => {
  const all = [false, true].flatMap((safe) => [false, true].map((light) => ({ safe, light })));
  it('vacuum is faintest where nothing happens, and a wall is another hue', () => {
    for (const look of all) {
      const alpha = (v: number) => layer('vacuum').colour(v, look)[3];
      expect(alpha(0.25)).toBeCloseTo(0.1, 12);
      for (const [less, more] of [
        [0.3, 0.4],
        [0.6, 1],
        [0.2, 0.1],
        [0.1, 0],
      ])
        expect(alpha(more), `${less} ${more}`).toBeGreaterThan(alpha(less));
      const [wall, open] = [0, 1].map((v) => layer('vacuum').colour(v, look));
      expect(wall[2]).toBeGreaterThan(wall[0]);
      expect(open[0]).toBeGreaterThan(open[2]);
    }
    expect([0, 0.25, 0.4, 1].map((v) => layer('vacuum').words(v))).toEqual([
      '0.00, wall',
      '0.25, stands',
      '0.40, gives way',
      '1.00, vacuum',
    ]);
  });
  it('calls and puts have two hues in every palette, and what they mean is said', () => {
    for (const look of all) {
      const [call, put] = [20, -20].map((v) => layer('gex').colour(v, look));
      expect(call[3]).toBe(put[3]);
      expect(Math.hypot(call[0] - put[0], call[1] - put[1], call[2] - put[2])).toBeGreaterThan(0.5);
    }
    expect(layer('gex').colour(0, SPEC)[3]).toBe(0);
    expect(layer('gex').words(12.34)).toBe('+$12.3M, calls outweigh: moves are damped');
    expect(layer('gex').words(-0.45)).toBe('−$450K, puts outweigh: moves are driven on');
    expect([-1, 0, 1].map((v) => gexProfile.words(v).split(':')[0])).toEqual(['put wall', 'flip', 'call wall']);
  });
});

describe('options (spec 7.4)', () => {
  it('are cyan where they grow and magenta where they shrink', () => {
    close(options.colour(1, SPEC), [0, 1, 1, Math.tanh(0.3) * 0.85]);
    close(options.colour(-2, SPEC), [1, 0, 1, Math.tanh(0.6) * 0.85]);
    expect(options.colour(0.0009, SPEC)[3]).toBe(0);
    expect(options.colour(-0.001, SPEC)[3]).toBeGreaterThan(0);
  });
  it('have one opacity in every palette, and two hues in each', () => {
    for (const safe of [false, true])
      for (const light of [false, true]) {
        const [up, down] = [options.colour(2, { safe, light }), options.colour(-2, { safe, light })];
        expect([up[3], down[3]]).toEqual([options.colour(2, SPEC)[3], options.colour(2, SPEC)[3]]);
        expect(Math.hypot(up[0] - down[0], up[1] - down[1], up[2] - down[2])).toBeGreaterThan(0.5);
      }
  });
  it('say in words what they do', () => {
    expect([0.421, -0.42, 0].map((v) => options.words(v))).toEqual(['growing 0.42/s', 'shrinking 0.42/s', 'still']);
  });
});

describe('every layer', () => {
  it('reads a field that is kept, has its own name, and is found by it', () => {
    expect(new Set(LAYERS.map((l) => l.id)).size).toBe(LAYERS.length);
    for (const l of LAYERS.filter(({ surface }) => surface === 'velocity')) expect(FIELDS).toContain(l.field);
    expect(LAYERS.map(planeOf).filter((plane) => plane >= 0)).toEqual([0, 1, 2, 3, 4]);
    expect(layerIndex('unheard_of')).toBe(0);
  });
  it('has the same opacity in every palette, so that a palette changes hue and not meaning', () => {
    for (const l of LAYERS) {
      for (const v of [-2, -0.3, 0, 0.0005, 0.05, 0.4, 1.0005, 3]) {
        const alphas = [false, true].flatMap((safe) => [false, true].map((light) => l.colour(v, { safe, light })[3]));
        expect(new Set(alphas).size).toBe(1);
      }
    }
  });
  it('judges by what is ordinary of futures alone', () => {
    for (const id of ['viscosity', 'obstacle']) {
      expect(layer(id).words(9), id).toMatch(/9\.000, \w/);
      expect(layer(id).words(9, false), id).toBe('9.000');
    }
  });
  it('says its sign in words', () => {
    for (const id of ['velocity', 'pressure']) {
      expect(layer(id).words(0.3)).toContain('+0.300');
      expect(layer(id).words(-0.3)).toContain('−0.300');
      expect(layer(id).words(0.3).split(', ')[1]).not.toBe(layer(id).words(-0.3).split(', ')[1]);
    }
  });
});

describe('keys', () => {
  const press = (key: string, more = {}) =>
    actionOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }, LAYERS.length);
  it('do what the list says', () => {
    expect(press(' ')).toEqual({ do: 'toggle' });
    expect(press('ArrowLeft')).toEqual({ do: 'step', windows: -1 });
    expect(press('ArrowRight', { shiftKey: true })).toEqual({ do: 'step', windows: 60 });
    expect(press('a')).toEqual({ do: 'scale' });
    expect(press('o')).toEqual({ do: 'options' });
    expect(press('r')).toEqual({ do: 'forecast' });
    expect(press('5')).toEqual({ do: 'field', index: 4 });
    expect(press('7')).toEqual({ do: 'field', index: 6 });
    expect(press('8')).toBeNull();
    expect(['e', 'b', 'v'].map((key) => press(key))).toEqual([{ do: 'gex' }, { do: 'bands' }, { do: 'radar' }]);
    expect(press('?', { shiftKey: true })).toEqual({ do: 'help' });
    expect(press('F', { shiftKey: true })).toEqual({ do: 'follow' });
    expect(press('+', { shiftKey: true })).toEqual({ do: 'faster', by: 1 });
  });
  it('leave the browser its own', () => {
    expect(press('s', { ctrlKey: true })).toBeNull();
    expect(press('c', { metaKey: true })).toBeNull();
    expect(press('ArrowLeft', { altKey: true })).toBeNull();
    expect(press('Tab')).toBeNull();
  });
  it('walk the speeds', () => {
    expect([1, 2, 60].map((speed) => nextSpeed(speed, 1, SPEEDS))).toEqual([2, 5, 60]);
    expect([1, 2, 7].map((speed) => nextSpeed(speed, -1, SPEEDS))).toEqual([1, 1, 5]);
  });
});
