// The surfaces of the made market that are sent when asked for: every column of the contract, values by formula.
import { readFileSync } from 'node:fs';
import { Bool, Float64, Int32, Int64, Table, tableToIPC, Utf8, type Vector, vectorFromArray } from 'apache-arrow';
import { INVALID_SECOND, type MadeSession, span } from './made_market';

const NS = 1_000_000_000n;

/** The book of this second is good, and yet the second cannot be trusted as a whole. */
export const UNTRUSTED_SECOND = span.first + 140;
const trusted = (second: number): boolean => second !== UNTRUSTED_SECOND && second !== INVALID_SECOND;

type Value = number | bigint | string | boolean | null;
type Row = Record<string, Value>;

interface Field {
  name: string;
  type: string | [string, string];
}

const TYPES: Record<string, () => Int64 | Int32 | Float64 | Bool | Utf8> = {
  long: () => new Int64(),
  int: () => new Int32(),
  double: () => new Float64(),
  boolean: () => new Bool(),
  string: () => new Utf8(),
};
const NOTHING: Record<string, Value> = { long: 0n, int: 0, double: 0, boolean: false, string: '' };

/** The rows with all columns of the contract, in its order; what a row does not say is nothing, or null where that may be. */
function bytesOf(contract: string, rows: readonly Row[]): Uint8Array {
  const text = readFileSync(new URL(`../../contracts/silver/${contract}.avsc`, import.meta.url), 'utf8');
  const columns: Record<string, Vector> = {};
  for (const { name, type } of (JSON.parse(text) as { fields: Field[] }).fields) {
    const [kind, nothing] = Array.isArray(type) ? [type[1], null] : [type, NOTHING[type]];
    columns[name] = vectorFromArray(
      rows.map((row) => row[name] ?? nothing),
      TYPES[kind](),
    );
  }
  return tableToIPC(new Table(columns), 'stream');
}

const times = (second: number): Row => ({
  window_start_ts_ns: BigInt(second - 1) * NS,
  window_end_ts_ns: BigInt(second) * NS,
  window_valid: trusted(second),
});

/** Price increments from price 0 of the unrounded spot. */
export const spotIncrement = (session: MadeSession, second: number): number =>
  Math.round((session.spotTick(second) * session.tickInt) / session.priceIncrementInt);

/** 0 to 1 by the price, the same in every second; null where no level stands. */
export function vacuumScore(increment: number): number | null {
  const place = ((increment % 6) + 6) % 6;
  return place === 5 ? null : place / 4;
}

const reachOf = ({ productType }: MadeSession): number => (productType === 'future_mbo' ? 60 : 300);

function vacuumRows(session: MadeSession, second: number): Row[] {
  const spot = spotIncrement(session, second);
  const rows: Row[] = [];
  for (const [side, sign] of [
    ['A', 1],
    ['B', -1],
  ] as const)
    for (let away = 0; away <= reachOf(session); away++) {
      const score = vacuumScore(spot + sign * away);
      if (score === null) continue;
      const price = (increment: number) => BigInt(increment) * BigInt(session.priceIncrementInt);
      rows.push({
        ...times(second),
        side,
        price_int: price(spot + sign * away),
        spot_ref_price_int: price(spot),
        rel_ticks: sign * away,
        vacuum_score: score,
        epoch: 1n,
      });
    }
  return rows;
}

/** Points between the listed strikes, and the listed ones around spot. */
const strikeStep = ({ productType }: MadeSession): number => (productType === 'future_mbo' ? 5 : 1);
export function listedStrikes(session: MadeSession, second: number): number[] {
  const step = strikeStep(session);
  const spot = (session.spotTick(second) * session.tickInt) / 1e9;
  const half = step * 10;
  const first = Math.ceil((spot - half) / step);
  return Array.from({ length: Math.floor((spot + half) / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** Dollars per 1 % of calls and puts at a strike, the same in every second. */
export function gexOf(session: MadeSession, strike: number): { call: number; put: number; net: number } {
  const place = Math.round(strike / strikeStep(session));
  const [call, put] = [(place % 4) * 20e6, ((place + 2) % 5) * 15e6];
  return { call, put, net: call - put };
}

function gexRows(session: MadeSession, second: number): Row[] {
  return listedStrikes(session, second).map((strike) => {
    const { call, put, net } = gexOf(session, strike);
    return {
      ...times(second),
      underlying: session.symbol,
      strike_price_int: BigInt(Math.round(strike * 1e9)),
      strike_points: strike,
      underlying_spot_ref: session.mid(second),
      gex_call_abs: call,
      gex_put_abs: put,
      gex_abs: call + put,
      gex: net,
      gex_imbalance_ratio: call + put > 0 ? net / (call + put) : 0,
      call_implied_volatility: call > 0 ? 0.125 : null,
      put_implied_volatility: 0.1375,
      call_open_interest: call / 1e4,
      put_open_interest: put / 1e4,
    };
  });
}

/** Levels in points; the put wall is out of sight at first, and half way through the session the flip is gone. */
export function levelsOf(session: MadeSession, second: number) {
  const future = session.productType === 'future_mbo';
  const flip = future ? 6951.25 : 479.37;
  return {
    flip: second > span.first + 200 ? null : flip,
    callWall: future ? 6965 : 482,
    putWall: future ? 6930 : 475,
  };
}
export const LEVEL_TOTALS = { call: 1.25e9, put: 0.8e9 };

function levelRow(session: MadeSession, second: number): Row {
  const { flip, callWall, putWall } = levelsOf(session, second);
  const price = (points: number | null) => (points === null ? null : BigInt(Math.round(points * 1e9)));
  return {
    ...times(second),
    underlying: session.symbol,
    gex_call_total: LEVEL_TOTALS.call,
    gex_put_total: LEVEL_TOTALS.put,
    gex_total: LEVEL_TOTALS.call - LEVEL_TOTALS.put,
    flip_price_int: price(flip),
    call_wall_price_int: price(callWall),
    put_wall_price_int: price(putWall),
    options_priced: 39,
    options_unpriced: 3,
  };
}

/** A number from 0 to 1 for a column of a second, slowly moving. */
export const madeShare = (column: number, second: number): number =>
  Math.round((0.5 + 0.5 * Math.sin(column * 1.7 + second / 11)) * 1e6) / 1e6;

/** Place of a column in its contract, which its made values go by. */
export function contractPlace(session: MadeSession, table: string, name: string): number {
  const path = `../../contracts/silver/${session.productType}/${table}.avsc`;
  const { fields } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { fields: Field[] };
  return fields.findIndex((field) => field.name === name);
}

/** All named columns of a contract of one row a second: those of `names` by their place in it. */
function namedRow(contract: string, session: MadeSession, second: number, value: (i: number) => number): Row {
  const text = readFileSync(new URL(`../../contracts/silver/${contract}.avsc`, import.meta.url), 'utf8');
  const { fields } = JSON.parse(text) as { fields: Field[] };
  const row: Row = { ...times(second), mid_price: session.mid(second), epoch: 1n, approach_dir: 'approach_up' };
  fields.forEach(({ name, type }, i) => {
    if (type === 'double' && !(name in row)) row[name] = value(i);
  });
  return row;
}

interface MadeSurface {
  contract(session: MadeSession): string;
  rows(session: MadeSession, second: number): Row[];
}
const own = (name: string) => (session: MadeSession) => `${session.productType}/${name}`;
const ofOptions = (name: string) => (session: MadeSession) => `${session.options?.productType}/${name}`;

const SURFACES: Record<string, MadeSurface> = {
  vacuum: { contract: own('vacuum_surface_1s'), rows: vacuumRows },
  radar: {
    contract: own('radar_vacuum_1s'),
    rows: (session, second) => [
      namedRow(own('radar_vacuum_1s')(session), session, second, (i) => 2 * madeShare(i, second) - 1),
    ],
  },
  physics_bands: {
    contract: own('physics_bands_1s'),
    rows: (session, second) => [
      namedRow(own('physics_bands_1s')(session), session, second, (i) => madeShare(i, second)),
    ],
  },
  gex: { contract: ofOptions('gex_surface_1s'), rows: gexRows },
  gex_levels: { contract: ofOptions('gex_levels_1s'), rows: (session, second) => [levelRow(session, second)] },
};

export const isMadeSurface = (name: string): boolean => name in SURFACES;

/** Windows of [first, last], both inside. */
export function madeSurface(name: string, session: MadeSession, first: number, last: number): Uint8Array {
  const { contract, rows } = SURFACES[name];
  const all: Row[] = [];
  for (let second = Math.max(first, span.first); second <= Math.min(last, span.last); second++)
    all.push(...rows(session, second));
  return bytesOf(contract(session), all);
}
