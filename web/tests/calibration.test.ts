import { describe, expect, it } from 'vitest';
import {
  bucketOf,
  bucketText,
  hitRateText,
  horizonText,
  measuredHorizon,
  rankText,
  tenthOf,
  weightOf,
  worthOf,
} from '../src/model/calibration';
import { parseCalibrations } from '../src/wire/calibrations';
import { parseMessage } from '../src/wire/protocol';

const bucket = (low: number, decided: number, hit_rate: number | null, hit_rate_interval: number[] | null = null) => ({
  low,
  high: low + 0.1,
  predicted: decided + 100,
  decided,
  hit_rate,
  hit_rate_interval,
});

const horizon = (horizon_s: number, skilled = false) => ({
  horizon_s,
  samples: 700,
  decided: 599,
  hit_rate: 0.52,
  hit_rate_interval: [0.48, 0.56],
  skilled,
});

const EVALUATION = {
  format: 1,
  dates: ['2026-01-06'],
  session: '09:30-09:40',
  verdict: 'no skill',
  verdict_text: 'No horizon is better than every baseline.',
  horizons: [horizon(1), horizon(2), horizon(5, true), horizon(10), horizon(20), horizon(30)],
  confidence: {
    monotonicity: 'undecided',
    buckets: [
      bucket(0, 900, 0.5),
      bucket(0.1, 0, null),
      bucket(0.2, 1204, 0.54, [0.51, 0.57]),
      { ...bucket(0.9, 10, 0.4, [0.1, 0.7]), high: 1 },
    ],
  },
};

const answer = (evaluation: unknown) => ({
  product_type: 'future_mbo',
  symbol: 'ESH6',
  dt: '2026-01-06',
  calibrations: [
    {
      name: '20260105T144000Z',
      symbol: 'ES',
      trained_until_ns: '1767623999000000000',
      beta: 0.512345,
      gamma: 0.125,
      beta_std_error: 0.1,
      gamma_std_error: 0.01,
      samples: 34_567,
      dates: ['2026-01-02', '2026-01-05'],
      evaluation,
    },
  ],
});

const [measured] = parseCalibrations(answer(EVALUATION));
const evaluation = measured.evaluation!;
const NAME = '20260105T144000Z';

describe('answer of /v1/calibration', () => {
  it('is read, with an evaluation or without', () => {
    expect(measured).toMatchObject({ name: NAME, symbol: 'ES', beta: 0.512345, samples: 34_567 });
    expect(evaluation.horizons).toHaveLength(6);
    expect(evaluation.skill).toBe(false);
    expect(parseCalibrations(answer(null))[0].evaluation).toBeNull();
    expect(parseCalibrations({ calibrations: [] })).toEqual([]);
  });

  it('names what is wrong with it', () => {
    expect(() => parseCalibrations({})).toThrow(/no list of calibrations/);
    expect(() => parseCalibrations(answer({ ...EVALUATION, horizons: 3 }))).toThrow(/no list of horizons/);
    const broken = { ...EVALUATION, confidence: { buckets: [{ low: 0 }] } };
    expect(() => parseCalibrations(answer(broken))).toThrow(/decided is undefined/);
  });

  it('is named by the start of each window; null and absent are none', () => {
    const start = (more: object) =>
      parseMessage(JSON.stringify({ type: 'batch_start', window_end_ts_ns: '1000000000', surfaces: [], ...more }));
    expect(start({ calibration: NAME })).toMatchObject({ calibration: NAME });
    expect(start({ calibration: null })).toMatchObject({ calibration: null });
    expect(start({})).toMatchObject({ calibration: null });
  });
});

describe('hit rate', () => {
  it('of a confidence is that of its bucket, half open, the last one closed', () => {
    const low = (confidence: number) => bucketOf(evaluation, confidence)?.low ?? null;
    expect([0, 0.0999, 0.1, 0.25, 0.35, 0.9, 1].map(low)).toEqual([0, 0, 0.1, 0.2, null, 0.9, 0.9]);
  });

  it('is said with what it rests on', () => {
    expect(bucketText(evaluation, 0.25)).toBe('0.2–0.3: right 54 % (51–57) of 1,204, measured 2026-01-06');
    expect(bucketText(evaluation, 0.05)).toBe('0.0–0.1: right 50 % of 900, measured 2026-01-06');
    expect(bucketText(evaluation, 0.15)).toBe('0.1–0.2: no samples at this confidence');
    expect(bucketText(evaluation, 0.5)).toBe('no samples at this confidence');
    expect(hitRateText({ decided: 0, rate: 0.5, interval: null }, 'none')).toBe('none');
  });

  it('of a horizon is that of the nearest measured one', () => {
    expect([1, 3, 4, 7, 8, 15, 30].map((h) => measuredHorizon(evaluation, h)?.horizon)).toEqual([
      1, 2, 5, 5, 10, 10, 30,
    ]);
    expect(horizonText(evaluation, 9)).toBe('right 52 % (48–56) of 599 at 10 s, no skill');
    expect(horizonText(evaluation, 5)).toBe('right 52 % (48–56) of 599 at 5 s, better than every baseline');
    expect(horizonText({ ...evaluation, horizons: [] }, 5)).toBe('not measured');
  });
});

describe('tenths', () => {
  const edges = [0, 0, 0, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006];
  const ranks = [
    { tenth: 1, low: 0, high: 0, decided: 70, hit_rate: 0.5, hit_rate_interval: null },
    { tenth: 4, low: 0, high: 0.001, decided: 0, hit_rate: null, hit_rate_interval: null },
    { tenth: 10, low: 0.006, high: 1, decided: 1204, hit_rate: 0.54, hit_rate_interval: [0.51, 0.57] },
  ];
  const read = (confidence_tenths: unknown, evaluated: object = {}) => {
    const json = answer({ ...EVALUATION, confidence: { ...EVALUATION.confidence, ...evaluated } });
    return parseCalibrations({ calibrations: [{ ...json.calibrations[0], confidence_tenths }] })[0];
  };

  it('begin above an edge, and where many are alike those between are empty', () => {
    const calibration = read(edges);
    const at = [0, 1e-9, 0.001, 0.0011, 0.006, 0.0061, 1];
    expect(at.map((confidence) => tenthOf(calibration, confidence))).toEqual([1, 4, 4, 5, 9, 10, 10]);
    expect([0, 1e-9, 1].map((confidence) => weightOf(calibration, confidence))).toEqual([0, 3 / 9, 1]);
    expect(tenthOf(read(null), 0.5)).toBeNull();
    expect([null, read(null)].map((none) => weightOf(none, 0.5))).toEqual([0.5, 0.5]);
  });

  it('are said with what they were worth, where they were measured', () => {
    const calibration = read(edges, { ranks });
    expect(worthOf(NAME, calibration, 0.5).text).toBe(
      'surer than 9 of 10: right 54 % (51–57) of 1,204, measured 2026-01-06',
    );
    expect(worthOf(NAME, calibration, 0).text).toBe('surer than none of 10: right 50 % of 70, measured 2026-01-06');
    expect(rankText(calibration.evaluation!, 4)).toBe('surer than 3 of 10: no samples');
    expect(rankText(calibration.evaluation!, 7)).toBe('surer than 6 of 10: no samples');
    expect(worthOf(NAME, read(edges), 0.25).text).toBe('0.2–0.3: right 54 % (51–57) of 1,204, measured 2026-01-06');
  });

  it('that are none are an error', () => {
    for (const broken of [[], edges.slice(1), [...edges].reverse(), [...edges.slice(1), 'much'], 'none', 3])
      expect(() => read(broken), JSON.stringify(broken)).toThrow(/tenths/);
  });
});

describe('beside the path', () => {
  it('nothing fitted is uncalibrated', () => {
    expect(worthOf(null, null, 0.25)).toMatchObject({ text: 'uncalibrated', verdict: '' });
    expect(worthOf(null, measured, 0.25).text).toBe('uncalibrated');
  });

  it('fitted and not measured is not yet evaluated', () => {
    const worth = worthOf(NAME, parseCalibrations(answer(null))[0], 0.25);
    expect(worth.text).toBe('not yet evaluated');
    expect(worth.more).toContain('Fitted on 2026-01-02 to 2026-01-05, 34,567 samples: beta 0.512, gamma 0.125.');
  });

  it('an evaluation that cannot be read is said, with why', () => {
    const json = answer(null);
    const [broken] = parseCalibrations({
      calibrations: [{ ...json.calibrations[0], evaluation_problem: 'x.json is cut off; evaluate again' }],
    });
    const { text, more } = worthOf(NAME, broken, 0.25);
    expect([text, more]).toEqual(['its evaluation cannot be read', 'x.json is cut off; evaluate again']);
  });

  it('no skill is said plainly, next to the number', () => {
    const worth = worthOf(NAME, measured, 0.25);
    expect(worth.text).toBe('0.2–0.3: right 54 % (51–57) of 1,204, measured 2026-01-06');
    expect(worth.verdict).toBe('no skill measured');
    expect(worth.more).toContain('No horizon is better than every baseline. Measured 2026-01-06 09:30-09:40.');
    const skilled = { ...measured, evaluation: { ...evaluation, skill: true } };
    expect(worthOf(NAME, skilled, 0.25)).toMatchObject({ verdict: 'skill measured at 5 s', skill: true });
    expect(worth.more).toContain('A rate above 50 % is no skill by itself');
    expect(worthOf(NAME, measured, null).text).toBe('no move predicted');
    expect(worthOf(NAME, null, 0.25).text).toContain('details not loaded');
  });
});
