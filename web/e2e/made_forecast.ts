// The forecast of the made market, by formula: plateaus, so that the colour of a place on the path can be said beforehand.

import { weightOf } from '../src/model/calibration';
import { type ForecastFixture, forecastBytes } from '../tests/arrow_fixture';
import { EQUITY, FUTURE, INVALID_SECOND, type MadeSession, span } from './made_market';

const NS = 1_000_000_000n;

/** Up in even seconds, down in odd ones; ten seconds on each of three levels. */
export function delta(session: MadeSession, second: number, horizon: number): number {
  const level = Math.ceil(horizon / 10) * (session === EQUITY ? 1 : 4);
  return second % 2 === 0 ? level : -level;
}

export const confidence = (horizon: number): number => (horizon <= 10 ? 0.1 : horizon <= 20 ? 0.55 : 1);

/** Of the future's calibration: the three confidences are in the tenths 2, 6 and 10. */
export const TENTHS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9];

/** What the path of a session is drawn by. */
export const weight = (session: MadeSession, horizon: number): number =>
  weightOf(session === FUTURE ? { tenths: TENTHS } : null, confidence(horizon));

export function scores(session: MadeSession, second: number) {
  const phase = (second - span.first) % 40;
  const up = phase / 40 - 0.25;
  return {
    up,
    down: 0.5 - up,
    wallUp: session === EQUITY ? 3 : 12,
    wallDown: session === EQUITY ? 4 : 64,
  };
}

function rows(session: MadeSession, second: number): ForecastFixture[] {
  const end = BigInt(second) * NS;
  const nothing = { end, tick: null, delta: null, confidence: null, up: null, dUp: null };
  if (second === INVALID_SECOND) return [{ ...nothing, horizon: 0 }];
  const { up, down, wallUp, wallDown } = scores(session, second);
  const spot = session.spotTick(second);
  const path = Array.from({ length: 30 }, (_, i): ForecastFixture => {
    const by = delta(session, second, i + 1);
    const to = { tick: BigInt(spot + by), delta: BigInt(by), confidence: confidence(i + 1) };
    return { ...nothing, horizon: i + 1, ...to };
  });
  return [{ ...nothing, horizon: 0, up, down, dUp: wallUp, dDown: wallDown }, ...path];
}

export function forecast(session: MadeSession, first: number, last: number): Uint8Array {
  const seconds = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return forecastBytes(seconds.flatMap((second) => rows(session, second)));
}

/** A future whose calibration has no skill, its namesake whose calibration is not evaluated, and an equity without one. */
export const calibrationName = (session: MadeSession): string | null =>
  session === EQUITY ? null : session === FUTURE ? '20260105T144000Z' : '20260105T150000Z';

const bucket = (i: number, decided: number, hit_rate: number | null) => ({
  low: i / 10,
  high: (i + 1) / 10,
  predicted: 2 * decided,
  decided,
  hit_rate,
  hit_rate_interval: hit_rate === null ? null : [hit_rate - 0.03, hit_rate + 0.03],
});

const evaluation = {
  format: 1,
  product_type: 'future_mbo',
  symbol: 'ES',
  calibration: '20260105T144000Z',
  dates: ['2026-01-06'],
  session: '09:30-09:40',
  verdict: 'no skill',
  verdict_text: 'No horizon is better than every baseline.',
  horizons: [1, 2, 5, 10, 20, 30].map((horizon_s) => ({
    horizon_s,
    samples: 600,
    hit_rate: 0.5,
    hit_rate_interval: [0.46, 0.54],
    predicted: 700,
    decided: 500 + horizon_s,
    skilled: false,
  })),
  confidence: {
    monotonicity: 'undecided',
    buckets: Array.from({ length: 10 }, (_, i) => bucket(i, i === 1 ? 0 : 1204 - i, i === 1 ? null : 0.54)),
    rank_monotonicity: 'undecided',
    ranks: Array.from({ length: 10 }, (_, i) => ({
      tenth: i + 1,
      ...bucket(i, i === 1 ? 0 : 1304 - i, i === 1 ? null : 0.56),
    })),
  },
};

export function calibrationJson(session: MadeSession): unknown {
  const name = calibrationName(session);
  const { productType: product_type, symbol } = session;
  const fitted = { beta: 0.5, gamma: 0.125, beta_std_error: 0.1, gamma_std_error: 0.1, samples: 34_567 };
  const one = { name, symbol: 'ES', trained_until_ns: '1767623999000000000', ...fitted, dates: ['2026-01-05'] };
  const future = session === FUTURE;
  const measured = { confidence_tenths: future ? TENTHS : null, evaluation: future ? evaluation : null };
  const calibrations = name === null ? [] : [{ ...one, ...measured }];
  return { product_type, symbol, dt: '2026-01-06', calibrations };
}
