import { describe, expect, it } from 'vitest';
import { sourceOf } from '../src/field_source';
import { LAYERS } from '../src/layers/list';
import { STILL, vacuum } from '../src/layers/vacuum';
import { COLUMN_SIZE, cellIndex, FIELDS, MISSING } from '../src/model/grid';
import { ColumnRing } from '../src/model/ring';
import { fixedScale, isSteady, percentileEnds, sampleSeen, scaled, viewScale } from '../src/model/scale';
import { Snapshots } from '../src/model/snapshots';
import type { Playback } from '../src/playback';
import { ScaleInForce } from '../src/views/scale_in_force';

const OMEGA = FIELDS.indexOf('Omega');
const obstacle = LAYERS.find((layer) => layer.id === 'obstacle')!;
const all = () => true;

/** Seconds `first` to `last` with spot at tick 1000; the value of a cell is `value(second, rel)`. */
function ringOf(first: number, last: number, value: (second: number, rel: number) => number): ColumnRing {
  const ring = new ColumnRing();
  for (let second = first; second <= last; second++) {
    const cells = new Float32Array(COLUMN_SIZE);
    for (let rel = -200; rel <= 200; rel++) cells[cellIndex(OMEGA, rel)] = value(second, rel);
    ring.write(second, 1000, cells, last);
  }
  return ring;
}

const source = (data: { ring: ColumnRing; snapshots: Snapshots }) => sourceOf(data as Playback, obstacle);

const part = { now: 500, left: -100, right: 40, bottom: 950, top: 1050 };

describe('mapping', () => {
  it('leaves every value alone on the fixed scale', () => {
    const scale = fixedScale({ from: 0, to: 3 });
    for (const value of [-7.25, 0, 0.1, 1e9]) expect(scaled(value, scale)).toBe(value);
  });
  it('spreads what lies between the ends over the palette, and no further', () => {
    const scale = viewScale({ from: 0, to: 3 }, { from: 3.5, to: 4.5 });
    expect(scaled(3.5, scale)).toBeCloseTo(0);
    expect(scaled(4, scale)).toBeCloseTo(1.5);
    expect(scaled(9, scale)).toBe(3);
    expect(scaled(-9, scale)).toBe(0);
  });
  it('keeps 0 and the sign of a field that has one', () => {
    const ends = percentileEnds(
      Float32Array.from({ length: 100 }, (_, i) => (i % 2 ? -i : i) / 1000),
      true,
    )!;
    expect(ends.from).toBe(-ends.to);
    const scale = viewScale({ from: -1, to: 1 }, ends);
    expect(scaled(0, scale)).toBeCloseTo(0);
    expect(Math.sign(scaled(-0.02, scale))).toBe(-1);
    expect(Math.sign(scaled(0.02, scale))).toBe(1);
  });
});

describe('ends', () => {
  it('are the 10th and the 98th percentile', () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => (i * 617) % 1001);
    expect(percentileEnds(values, false)).toEqual({ from: 100, to: 980 });
  });
  it('are none where there is too little, or no difference', () => {
    expect(
      percentileEnds(
        Float32Array.from({ length: 31 }, (_, i) => i),
        false,
      ),
    ).toBeNull();
    expect(percentileEnds(new Float32Array(500).fill(4), false)).toBeNull();
  });
  it('stay while they hardly move', () => {
    expect(isSteady({ from: 0, to: 100 }, { from: 1, to: 98 })).toBe(true);
    expect(isSteady({ from: 0, to: 100 }, { from: 0, to: 104 })).toBe(false);
  });
});

describe('sample of what is seen', () => {
  it('is of the visible seconds and prices alone, evenly', () => {
    const ring = ringOf(300, 500, (second, rel) => second * 1000 + rel);
    const seen = sampleSeen(source({ ring, snapshots: Snapshots.empty() }), part, all);
    expect(seen.length).toBe(512);
    const seconds = Array.from(seen, (value) => Math.round(value / 1000));
    const rels = Array.from(seen, (value) => value - Math.round(value / 1000) * 1000);
    expect([Math.min(...seconds), Math.max(...seconds)]).toEqual([400, 500]);
    expect([Math.min(...rels), Math.max(...rels)]).toEqual([-50, 50]);
    const early = seconds.filter((second) => second < 450).length / seen.length;
    expect(early).toBeGreaterThan(0.47);
    expect(early).toBeLessThan(0.53);
  });
  it('leaves out what is not loaded, not valid, without a value, or not shown', () => {
    const ring = ringOf(450, 500, (second, rel) => (rel === 7 ? MISSING : rel === 8 ? 0 : second));
    const none = Snapshots.empty().columns;
    const second = Float64Array.from({ length: 51 }, (_, i) => 450 + i);
    const bookValid = Uint8Array.from(second, (at) => (at === 470 ? 0 : 1));
    const epoch = new Float64Array(51);
    const late = { lateCount: new Float64Array(51), anomalyCount: new Float64Array(51), crossed: new Uint8Array(51) };
    const snapshots = new Snapshots({ ...none, ...late, second, bookValid, epoch });
    const seen = new Set(sampleSeen(source({ ring, snapshots }), part, (value) => value > 0));
    expect(seen.has(470)).toBe(false);
    expect(seen.has(471)).toBe(true);
    expect(Math.min(...seen)).toBe(450);
  });
});

describe('the scale in force', () => {
  const data = source({
    ring: ringOf(300, 500, (second, rel) => 3 + ((second * 31 + rel * 17) % 100) / 100),
    snapshots: Snapshots.empty(),
  });
  it('is the fixed one, and measures nothing, unless asked', () => {
    const force = new ScaleInForce();
    expect(force.update(obstacle, 'fixed', data, part)).toEqual({ scale: fixedScale(obstacle.legend), wait: 0 });
    expect(force.times).toEqual([]);
  });
  it('is measured at most once a second', () => {
    const force = new ScaleInForce();
    const first = force.update(obstacle, 'view', data, part);
    expect(first.scale.ends.from).toBeCloseTo(3.1, 1);
    expect(first.scale.ends.to).toBeCloseTo(3.98, 1);
    const again = force.update(obstacle, 'view', data, part);
    expect(again.scale).toBe(first.scale);
    expect(again.wait).toBeGreaterThan(0);
    expect(force.times.length).toBe(1);
    expect(force.update(LAYERS[0], 'view', data, part).wait).toBe(0);
    expect(force.times.length).toBe(2);
  });
  it('falls back to the fixed one where nothing can be measured', () => {
    const empty = source({ ring: new ColumnRing(), snapshots: Snapshots.empty() });
    expect(new ScaleInForce().update(obstacle, 'view', empty, part).scale.kind).toBe('fixed');
  });
});

describe('every layer on the percentile scale', () => {
  it('uses a stretch of its own palette, least at one end and most at the other', () => {
    for (const layer of LAYERS) {
      const { legend, stretch } = layer;
      // Vacuum is faint where a level stands, and opens from there.
      expect(stretch.from).toBe(layer === vacuum ? STILL : legend.from);
      expect(stretch.to).toBeLessThanOrEqual(legend.to);
      const alpha = (value: number) => layer.colour(value, { safe: false, light: false })[3];
      expect(alpha(stretch.to), layer.id).toBeGreaterThan(0.45);
      expect(legend.from < 0 ? alpha(0) : alpha(stretch.from), layer.id).toBe(layer === vacuum ? 0.1 : 0);
    }
  });
});
