// What the server of a live session says of its feed, between windows.
import { FEED_STATES, type Feed, type FeedGap } from '../model/feed';
import { WireError } from './arrow_columns';

type Json = Record<string, unknown>;

/** The server sends the newest hundred gaps; more than this is not kept of anything. */
const MOST = { gaps: 100, stale: 1000, text: 400 };

function ns(value: unknown, name: string): bigint | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value))
    throw new WireError(`feed: ${name} is ${JSON.stringify(value)}, not a decimal string`);
  return BigInt(value);
}

/** Whole seconds and the rest apart, so that the rest is not lost in the number of seconds since 1970. */
const seconds = (value: bigint | null): number | null =>
  value === null ? null : Number(value / 1_000_000_000n) + Number(value % 1_000_000_000n) / 1e9;

function windowEnd(value: unknown): number | null {
  const end = ns(value, 'window_end_ts_ns');
  if (end !== null && end % 1_000_000_000n !== 0n)
    throw new WireError(`feed: window_end_ts_ns ${end} is no whole second`);
  return seconds(end);
}

const text = (value: unknown): string => String(value ?? '').slice(0, MOST.text);

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

function gap(entry: Json): FeedGap {
  const start = seconds(ns(entry?.start_ts_ns, 'gaps.start_ts_ns'));
  if (start === null) throw new WireError('feed: a gap without a start');
  return { start, end: seconds(ns(entry.end_ts_ns, 'gaps.end_ts_ns')), cause: text(entry.cause) };
}

/** Throws WireError on what cannot be understood. */
export function parseFeed(json: Json): Feed {
  const state = FEED_STATES.find((name) => name === json.state);
  if (!state) throw new WireError(`feed: state ${JSON.stringify(json.state)} is not known`);
  const lag = ns(json.lag_ns, 'lag_ns');
  const lastRecord = seconds(ns(json.last_record_ts_ns, 'last_record_ts_ns'));
  const reconnects = Number(json.reconnects ?? 0);
  return {
    state,
    dataset: text(json.dataset),
    detail: text(json.detail),
    lagMs: lag === null || lastRecord === null ? null : Number(lag) / 1e6,
    lastRecord,
    lastRecordAge: seconds(ns(json.last_record_age_ns, 'last_record_age_ns')),
    edge: windowEnd(json.window_end_ts_ns),
    reconnects: Number.isSafeInteger(reconnects) ? reconnects : 0,
    gaps: list(json.gaps).slice(-MOST.gaps).map(gap),
    stale: list(json.stale)
      .slice(0, MOST.stale)
      .map((entry) => ({ symbol: text(entry?.symbol), age: seconds(ns(entry?.age_ns, 'stale.age_ns')) ?? 0 })),
  };
}
