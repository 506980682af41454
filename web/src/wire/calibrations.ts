// /v1/calibration: the calibrations in force during a session, and what each turned out to be worth.
import type {
  Calibration,
  ConfidenceBucket,
  ConfidenceRank,
  Evaluation,
  HitRate,
  HorizonWorth,
} from '../model/calibration';
import { WireError } from './arrow_columns';
import { fetchBytes, url } from './history';
import type { SessionAddress } from './messages';

type Json = Record<string, unknown>;

function real(json: Json, name: string): number {
  const value = json[name];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new WireError(`calibration: ${name} is ${JSON.stringify(value)}`);
  return value;
}

function list(value: unknown, name: string): Json[] {
  if (!Array.isArray(value)) throw new WireError(`calibration: no list of ${name}`);
  return value as Json[];
}

const texts = (value: unknown, name: string): string[] => list(value, name).map(String);

function hitRate(json: Json): HitRate {
  const interval = json.hit_rate_interval;
  return {
    decided: real(json, 'decided'),
    rate: json.hit_rate == null ? null : real(json, 'hit_rate'),
    interval: Array.isArray(interval) && interval.length === 2 ? [Number(interval[0]), Number(interval[1])] : null,
  };
}

const horizonWorth = (json: Json): HorizonWorth => ({
  ...hitRate(json),
  horizon: real(json, 'horizon_s'),
  skilled: json.skilled === true,
});

const bucket = (json: Json): ConfidenceBucket => ({
  ...hitRate(json),
  low: real(json, 'low'),
  high: real(json, 'high'),
});

const rank = (json: Json): ConfidenceRank => ({ ...hitRate(json), tenth: real(json, 'tenth') });

function tenths(json: Json): number[] | null {
  if (json.confidence_tenths == null) return null;
  const edges: unknown[] = list(json.confidence_tenths, 'confidence tenths');
  const rises = edges.every((edge, i) => typeof edge === 'number' && edge >= (i > 0 ? Number(edges[i - 1]) : 0));
  if (edges.length !== 9 || !rises)
    throw new WireError('calibration: confidence_tenths are not nine ascending numbers');
  return edges.map(Number);
}

function evaluationOf(json: Json): Evaluation {
  const confidence = (json.confidence ?? {}) as Json;
  return {
    dates: texts(json.dates, 'dates'),
    session: String(json.session ?? ''),
    skill: json.verdict === 'skill',
    verdict: String(json.verdict_text ?? ''),
    horizons: list(json.horizons, 'horizons').map(horizonWorth),
    buckets: list(confidence.buckets, 'confidence buckets').map(bucket),
    ranks: confidence.ranks == null ? [] : list(confidence.ranks, 'confidence ranks').map(rank),
  };
}

/** Oldest first; none: uncalibrated throughout. */
export function parseCalibrations(json: unknown): Calibration[] {
  return list((json as Json | null)?.calibrations, 'calibrations').map((entry) => ({
    name: String(entry.name),
    symbol: String(entry.symbol),
    beta: real(entry, 'beta'),
    gamma: real(entry, 'gamma'),
    dates: texts(entry.dates, 'dates'),
    samples: real(entry, 'samples'),
    tenths: tenths(entry),
    evaluation: entry.evaluation == null ? null : evaluationOf(entry.evaluation as Json),
    problem: String(entry.evaluation_problem ?? ''),
  }));
}

export async function fetchCalibrations(address: SessionAddress, signal: AbortSignal): Promise<Calibration[]> {
  const bytes = await fetchBytes(url(address, '/v1/calibration'), signal);
  try {
    return parseCalibrations(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw error instanceof SyntaxError ? new WireError('calibration: not JSON') : error;
  }
}
