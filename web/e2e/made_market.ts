// A market made by formula, so that every pixel can be said beforehand: two futures sessions and an equity, with options.
import { Bool, Float64, Int64, Table, tableToIPC, vectorFromArray } from 'apache-arrow';
import { optionsBytes, snapBytes, type VelocityRow, velocityBytes } from '../tests/arrow_fixture';

const NS = 1_000_000_000n;
/** 2026-01-06, 09:30 New York. */
const FIRST = 1_767_709_800;
const LAST = FIRST + 300;

export interface MadeSession {
  productType: 'future_mbo' | 'equity_mbo';
  symbol: string;
  tickInt: number;
  priceIncrementInt: number;
  halfWidthTicks: number;
  options: { productType: string; stepTicks: number; halfWidthTicks: number } | null;
  /** Surfaces that the lake has complete, and by which bounds its bands were made. */
  surfaces: string[];
  normCalibration: { kind: string; dt?: string } | null;
  /** Absolute tick of spot_ref. */
  spotTick(second: number): number;
  /** In points. */
  mid(second: number): number;
}

/** Spot wanders by three ticks to both sides of the strike 27820 (6955), twenty seconds on each. */
const futureSpot = (second: number): number => 27_820 + (Math.floor((second - FIRST) / 20) % 7) - 3;
const ES = { tickInt: 250_000_000, priceIncrementInt: 250_000_000, halfWidthTicks: 200 };

export const FUTURE: MadeSession = {
  ...ES,
  productType: 'future_mbo',
  symbol: 'ESH6',
  options: { productType: 'future_option_mbo', stepTicks: 20, halfWidthTicks: 200 },
  surfaces: ['book_snapshot', 'wall', 'vacuum', 'radar', 'physics_bands', 'gex', 'gex_levels'],
  normCalibration: { kind: 'session', dt: '2026-01-05' },
  spotTick: futureSpot,
  mid: (second) => futureSpot(second) * 0.25 + 0.125,
};

/** Buckets of half a dollar; the mid moves by cents within them. */
export const EQUITY: MadeSession = {
  productType: 'equity_mbo',
  symbol: 'SPY',
  tickInt: 500_000_000,
  priceIncrementInt: 10_000_000,
  halfWidthTicks: 100,
  options: { productType: 'equity_option_mbo', stepTicks: 2, halfWidthTicks: 50 },
  surfaces: ['book_snapshot', 'wall', 'vacuum', 'radar', 'physics_bands', 'gex', 'gex_levels'],
  normCalibration: { kind: 'bootstrap' },
  spotTick: (second) => 961 + (Math.floor((second - FIRST) / 30) % 2),
  mid: (second) => 480.62 + (((second - FIRST) % 30) - 15) / 100,
};

/** The same symbol in another product, without options. */
export const NAMESAKE: MadeSession = {
  ...ES,
  ...FUTURE,
  symbol: 'SPY',
  options: null,
  surfaces: [],
  normCalibration: null,
};

export const SESSIONS = [FUTURE, EQUITY, NAMESAKE];
export const DATE = '2026-01-06';
export const span = { first: FIRST, last: LAST };

/** Velocity of the options of a listed strike: none, growing, shrinking and huge ones, the same in every second. */
export function strikeValue(strike: number, stepTicks: number): number {
  const step = ((strike / stepTicks) % 7) - 3;
  return step === 3 ? 1e6 : step * 1.5;
}

/** The one second whose book is not valid. */
export const INVALID_SECOND = FIRST + 160;

/** Fields are still but for two rows, three rows off spot; one of them grows by far more than stood there. */
export const FIELD_ROWS = [3, -3] as const;
export const HUGE = 1e5;

export function catalogJson(): unknown {
  return {
    sessions: SESSIONS.map((session) => ({
      product_type: session.productType,
      symbol: session.symbol,
      dt: DATE,
      first_window_end_ts_ns: String(BigInt(FIRST) * NS),
      last_window_end_ts_ns: String(BigInt(LAST) * NS),
      window_count: LAST - FIRST + 1,
      tick_int: String(session.tickInt),
      price_increment_int: String(session.priceIncrementInt),
      half_width_ticks: session.halfWidthTicks,
      session: '09:30-09:35',
      source: 'simulated',
      fresh: true,
      surfaces: session.surfaces,
      norm_calibration: session.normCalibration,
      options: session.options && {
        product_type: session.options.productType,
        tick_int: String(session.tickInt),
        half_width_ticks: session.options.halfWidthTicks,
        step_ticks: session.options.stepTicks,
        window_count: LAST - FIRST,
        fresh: true,
      },
    })),
  };
}

const seconds = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

function place(session: MadeSession, second: number) {
  return { end: BigInt(second) * NS, spot: BigInt(session.spotTick(second)) * BigInt(session.tickInt) };
}

export function velocity(session: MadeSession, first: number, last: number): Uint8Array {
  const rows = seconds(first, last).flatMap((second) =>
    (['A', 'B'] as const).flatMap((side) =>
      seconds(-session.halfWidthTicks, session.halfWidthTicks).map(
        (rel): VelocityRow => ({
          ...place(session, second),
          rel,
          side,
          u: rel === FIELD_ROWS[0] ? HUGE : rel === FIELD_ROWS[1] ? -0.5 : 0,
          rho: 1,
          nu: 1,
        }),
      ),
    ),
  );
  return velocityBytes(rows);
}

/** As the pipeline gathers them: a listed strike belongs to the row nearest to it, ties upward. The last second has none. */
export function options(session: MadeSession, first: number, last: number): Uint8Array {
  const grid = session.options;
  if (!grid) return optionsBytes([]);
  const rows = seconds(first, Math.min(last, LAST - 1)).flatMap((second) => {
    const spot = session.spotTick(second);
    const lowest = Math.ceil((spot - grid.halfWidthTicks) / grid.stepTicks - 1) * grid.stepTicks;
    return seconds(0, (2 * grid.halfWidthTicks) / grid.stepTicks + 2)
      .map((i) => lowest + i * grid.stepTicks)
      .map((strike) => ({
        strike,
        rel: grid.stepTicks * Math.floor((2 * (strike - spot) + grid.stepTicks) / (2 * grid.stepTicks)),
      }))
      .filter(({ rel }) => Math.abs(rel) <= grid.halfWidthTicks)
      .map(({ strike, rel }) => ({ ...place(session, second), rel, u: strikeValue(strike, grid.stepTicks) }));
  });
  return optionsBytes(rows);
}

export function snap(session: MadeSession, second: number): Uint8Array {
  return snapBytes(BigInt(second) * NS, session.mid(second), place(session, second).spot, second !== INVALID_SECOND);
}

export function snapshots(session: MadeSession): Uint8Array {
  const all = seconds(FIRST, LAST);
  const whole = (value: (second: number) => bigint) => vectorFromArray(all.map(value), new Int64());
  const price = (second: number, by: number) => BigInt(Math.round(session.mid(second) * 1e9)) + BigInt(by);
  const half = session.priceIncrementInt / 2;
  const table = new Table({
    window_end_ts_ns: whole((second) => BigInt(second) * NS),
    best_bid_price_int: whole((second) => price(second, -half)),
    best_bid_qty: whole(() => 10n),
    best_ask_price_int: whole((second) => price(second, half)),
    best_ask_qty: whole(() => 10n),
    mid_price: vectorFromArray(all.map(session.mid), new Float64()),
    spot_ref_price_int: whole((second) => place(session, second).spot),
    book_valid: vectorFromArray(
      all.map((second) => second !== INVALID_SECOND),
      new Bool(),
    ),
    crossed: vectorFromArray(
      all.map(() => false),
      new Bool(),
    ),
    epoch: whole(() => 1n),
    record_count: whole(() => 100n),
    trade_count: whole(() => 5n),
    anomaly_count: whole(() => 0n),
    late_count: whole(() => 0n),
  });
  return tableToIPC(table, 'stream');
}
