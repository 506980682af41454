import { describe, expect, it } from 'vitest';
import {
  expectedLines,
  moveText,
  readForecast,
  readScores,
  runLines,
  scoreText,
  wallText,
  whyNone,
} from '../src/gui/forecast_words';
import { FAINTEST, forecast as layer } from '../src/layers/forecast';
import { type Forecast, farthestMove, stepAt, wallsOf } from '../src/model/forecast';
import { RING_COLUMNS } from '../src/model/grid';
import { ScoreRing } from '../src/model/score_ring';
import type { Playback } from '../src/playback';
import { neighboursOf } from '../src/views/path_shader';
import { WireError } from '../src/wire/arrow_columns';
import type { CatalogSession } from '../src/wire/catalog';
import { decodeForecasts } from '../src/wire/decode_forecast';
import { type ForecastFixture, forecastBytes, NS, snapBytes } from './arrow_fixture';

const SECOND = 1_767_709_800;
const END = BigInt(SECOND) * NS;
const SPOT = 27_817n;
const ES = { tickInt: 250_000_000, priceIncrementInt: 250_000_000 } as CatalogSession;
const SPY = { tickInt: 500_000_000, priceIncrementInt: 10_000_000 } as CatalogSession;

const nothing: ForecastFixture = {
  end: END,
  horizon: 0,
  tick: null,
  delta: null,
  confidence: null,
  up: null,
  dUp: null,
};
const scores: ForecastFixture = { ...nothing, up: 0.25, down: -0.5, dUp: 12, dDown: 64 };
const step = (horizon: number, by = 0n, confidence: number | null = 0.2): ForecastFixture => ({
  ...nothing,
  horizon,
  tick: SPOT + by,
  delta: by,
  confidence,
});
const path = (by: (horizon: number) => bigint = () => 0n) =>
  Array.from({ length: 30 }, (_, i) => step(i + 1, by(i + 1)));
const decode = (rows: ForecastFixture[]) => decodeForecasts(forecastBytes(rows));

describe('forecast surface', () => {
  it('gives the scores of horizon 0 and the path of the rest', () => {
    const [found, ...more] = decode([scores, ...path((h) => BigInt(Math.floor(h / 10)))]);
    expect(more).toEqual([]);
    expect(found.second).toBe(SECOND);
    expect(found.scores).toEqual({ up: 0.25, down: -0.5, wallUp: 12, wallDown: 64 });
    expect(found.path?.spotTick).toBe(27_817);
    expect([9, 10, 30].map((h) => found.path?.delta[h - 1])).toEqual([0, 1, 3]);
    expect(found.path?.confidence).toEqual(Array(30).fill(0.2));
  });

  it('a second that is not valid has neither, and does not break its neighbours', () => {
    const next = { end: END + NS };
    const found = decode([scores, ...path(), { ...nothing, ...next }, { ...scores, end: END + 2n * NS }]);
    expect(found.map(({ second, scores: s, path: p }) => [second - SECOND, s !== null, p !== null])).toEqual([
      [0, true, true],
      [1, false, false],
      [2, true, false],
    ]);
  });

  it('bears a null anywhere: without a tick there is no path, without a confidence none is shown', () => {
    const rows = path((h) => BigInt(h));
    rows[4] = { ...rows[4], tick: null, delta: null };
    expect(decode([scores, ...rows])[0].path).toBeNull();
    const unsure = path((h) => BigInt(h));
    unsure[7] = step(8, 8n, null);
    expect(decode([scores, ...unsure])[0].path?.confidence[7]).toBe(0);
    expect(decode([{ ...scores, dDown: null }, ...path()])[0].scores).toBeNull();
    expect(decode([])).toEqual([]);
  });

  it('refuses what is not this surface, horizons out of order, and a path from two spots', () => {
    expect(() => decodeForecasts(new Uint8Array([1]))).toThrow(WireError);
    expect(() => decodeForecasts(snapBytes(END, 1, 1n, true))).toThrow(/horizon_s/);
    expect(() => decode([scores, step(2)])).toThrow(/horizon 2 of 1767709800 where 1 was expected/);
    const rows = path();
    rows[3] = { ...rows[3], tick: SPOT + 1n };
    expect(() => decode([scores, ...rows])).toThrow(/horizon 4 starts from another spot/);
  });

  it('keeps a confidence within 0 and 1', () => {
    const rows = path();
    rows[0] = step(1, 0n, 1.5);
    rows[1] = step(2, 0n, -1);
    rows[2] = step(3, 0n, Number.NaN);
    expect(decode([scores, ...rows])[0].path?.confidence.slice(0, 3)).toEqual([1, 0, 0]);
  });
});

describe('path', () => {
  const made = (by: (horizon: number) => number, confidence = 0.3) => ({
    spotTick: 100,
    delta: Array.from({ length: 30 }, (_, i) => by(i + 1)),
    confidence: Array(30).fill(confidence),
  });
  const one = (more: Partial<Forecast> = {}): Forecast => ({
    second: SECOND,
    scores: { up: 0.1, down: 0.2, wallUp: 12, wallDown: 7 },
    path: made((h) => -h),
    ...more,
  });

  it('has a step for each horizon and none beyond', () => {
    expect(
      stepAt(
        made((h) => h),
        30,
      ),
    ).toEqual({ horizon: 30, delta: 30, tick: 130, confidence: 0.3 });
    for (const horizon of [0, 31, -1, 1.5])
      expect(
        stepAt(
          made((h) => h),
          horizon,
        ),
      ).toBeNull();
  });

  it('is as sure as its farthest move', () => {
    expect(farthestMove(made((h) => h))?.horizon).toBe(30);
    expect(farthestMove(made((h) => (h < 12 ? 2 : 0)))?.horizon).toBe(11);
    expect(farthestMove(made(() => 0))).toBeNull();
  });

  it('has walls above and below spot, none at 64 and none without a path', () => {
    expect(wallsOf(one())).toEqual([
      { direction: 'up', delta: 12, tick: 112 },
      { direction: 'down', delta: -7, tick: 93 },
    ]);
    const far = { up: 0, down: 0, wallUp: 64, wallDown: 63 };
    expect(wallsOf(one({ scores: far })).map(({ delta }) => delta)).toEqual([-63]);
    expect(wallsOf(one({ path: null }))).toEqual([]);
    expect(wallsOf(one({ scores: null }))).toEqual([]);
  });

  it('is the more opaque the more confident, never invisible, and equally in every palette', () => {
    const looks = [false, true].flatMap((safe) => [false, true].map((light) => ({ safe, light })));
    for (const look of looks) {
      expect(layer.colour(0, look)[3]).toBe(FAINTEST);
      expect(layer.colour(1, look)[3]).toBe(1);
      expect(layer.colour(0.5, look)[3]).toBeCloseTo(FAINTEST + 0.5 * (1 - FAINTEST));
    }
    expect(new Set(looks.map((look) => layer.colour(1, look).join())).size).toBe(4);
    expect(FAINTEST).toBeGreaterThan(0.15);
  });

  it('looks at as many neighbours as its dots reach over', () => {
    expect([10, 4.5, 4, 1, 0.28].map(neighboursOf)).toEqual([1, 1, 2, 5, 12]);
  });

  it('says why there is none', () => {
    const snap = { bookValid: true, spotRefPriceInt: 1 };
    expect(whyNone({ forecast: one(), snap })).toBe('');
    const none = one({ path: null, scores: null });
    expect(whyNone({ forecast: none, snap: { ...snap, bookValid: false } })).toBe('no forecast: book invalid');
    expect(whyNone({ forecast: none, snap: { ...snap, spotRefPriceInt: 0 } })).toBe('no forecast: no spot price');
    expect(whyNone({ forecast: none, snap })).toBe('no forecast: data of this second incomplete');
    expect(whyNone({ forecast: null, snap })).toBe('no forecast of this second');
  });

  it('is said in words', () => {
    const at = (delta: number) => ({ horizon: 10, delta, tick: 100 + delta, confidence: 0.3 });
    expect(moveText(at(3), ES)).toBe('3 ticks up, to 25.75');
    expect(moveText(at(-1), ES)).toBe('1 tick down, to 24.75');
    expect(moveText(at(0), ES)).toBe('no move, at 25.00');
    expect(moveText(at(-2), SPY)).toBe('2 rows down, to 49.00');
    expect(expectedLines({ forecast: one(), snap: null }, ES)).toEqual([
      'In 10 s: 10 ticks down, to 22.50; confidence 0.30',
      'In 30 s: 30 ticks down, to 17.50; confidence 0.30',
    ]);
    expect(expectedLines({ forecast: one({ path: null }), snap: null }, ES)).toEqual([]);
  });

  it('is read out under the crosshair, its horizon first', () => {
    const playback = { now: SECOND, session: ES, forecast: one(), calibrationName: null, calibration: null };
    const read = (second: number, more = {}) => readForecast({ ...playback, ...more } as unknown as Playback, second);
    expect(read(SECOND + 5)).toEqual([
      { name: 'Horizon', text: '5 s after now' },
      { name: 'Forecast', text: '5 ticks down, to 23.75' },
      { name: 'Confidence', text: '0.30' },
      { name: 'Measured', text: 'uncalibrated' },
      { name: 'Meaning', text: 'price is expected lower in 5 s than at the start of this second (spot ref 25.00)' },
    ]);
    const calibration = {
      tenths: [0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
      evaluation: null,
      dates: [],
      beta: 1,
      gamma: 0,
    };
    expect(read(SECOND + 5, { calibration })).toContainEqual({ name: 'Confidence', text: '0.30, tenth 5 of 10' });
    expect(read(SECOND + 31)).toEqual([{ name: 'Forecast', text: 'ends 30 s after now' }]);
    const invalid = { forecast: one({ path: null }), snap: { bookValid: false, spotRefPriceInt: 0 } };
    expect(read(SECOND + 5, invalid)).toEqual([{ name: 'Forecast', text: 'no forecast: book invalid' }]);
  });
});

describe('scores', () => {
  it('stand under each other, equally wide', () => {
    const [up, down] = runLines({ up: 0.25, down: -12.5, wallUp: 12, wallDown: 64 }, ES, 27_817);
    expect(up).toBe('Run up    +0.250/s  wall +12 (6957.25)');
    expect(down).toBe('Run down −12.500/s  wall: none within 64 ticks');
    expect(up.indexOf('/s')).toBe(down.indexOf('/s'));
    expect([0, -0.0004, -0.0006].map(scoreText)).toEqual([' +0.000', ' +0.000', ' −0.001']);
    expect([0, 0.001, 0.005, 1].map((v) => layer.words(v))).toEqual(['0.00', '<0.01', '0.01', '1.00']);
    expect(wallText(1, false, SPY, 961)).toBe('wall −1 (480.00)');
    expect(wallText(64, true, SPY)).toBe('wall: none within 64 rows');
  });

  it('of a past second are read out', () => {
    const read = (wallUp: number, wallDown: number) => readScores({ up: 0.25, down: -0.5, wallUp, wallDown }, ES);
    expect(read(12, 7)).toEqual([
      { name: 'Run score', text: 'up +0.250, down −0.500 1/s' },
      { name: 'Walls', text: '+12, −7' },
    ]);
    expect(read(64, 64)[1].text).toBe('none within 64 ticks');
    expect(read(64, 7)[1].text).toBe('none within 64 ticks, −7');
  });

  it('are kept for half an hour, and forgotten with their slot', () => {
    const ring = new ScoreRing();
    ring.write(5, 5, { up: 0.5, down: -0.25, wallUp: 64, wallDown: 1 });
    expect(ring.at(5, 5)).toEqual({ up: 0.5, down: -0.25, wallUp: 64, wallDown: 1 });
    expect(ring.at(5, 5 + RING_COLUMNS)).toBeNull();
    ring.write(5, 5 + RING_COLUMNS, null);
    expect(ring.at(5, 5)).toBeNull();
    expect(ring.at(5, 5 + RING_COLUMNS)).toBeNull();
    ring.write(6, 6, { up: 1, down: 1, wallUp: 1, wallDown: 1 });
    ring.clear();
    expect(ring.at(6, 6)).toBeNull();
  });
});
