// What there is to look at, and what happened in a range: the two answers that come as JSON.
import type { NormCalibration } from '../model/bands';
import { secondOfNs } from '../model/clock';
import type { PriceSteps } from '../model/prices';
import type { StrikeGrid } from '../model/strikes';
import { WireError } from './arrow_columns';

/** Products that are looked at as a session; options are looked at on the session of their underlying. */
export const PRODUCTS = ['future_mbo', 'equity_mbo'] as const;
export type ProductType = (typeof PRODUCTS)[number];

/** The options of a session, over the same date. */
export interface CatalogOptions extends StrikeGrid {
  productType: string;
  windowCount: number;
  fresh: boolean;
}

export interface CatalogSession extends PriceSteps {
  productType: ProductType;
  symbol: string;
  /** What the server calls the partition: a date, or "live". */
  dt: string;
  /** Measured by the server itself, not read from the lake: it has a feed, and `last` grows until it is over. */
  live: boolean;
  over: boolean;
  /** The trading date. */
  date: string;
  /** Seconds of the first and last window end; 0 of a live session without a window yet. */
  first: number;
  last: number;
  halfWidthTicks: number;
  session: string;
  source: string;
  fresh: boolean;
  options: CatalogOptions | null;
  /** Surfaces that can be asked for: what of it the lake has complete. */
  surfaces: readonly string[];
  /** By which bounds the bands of the session were made; null: not known. */
  normCalibration: NormCalibration;
}

type Json = Record<string, unknown>;

function whole(value: unknown, name: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number <= 0) throw new WireError(`catalog: ${name} is ${JSON.stringify(value)}`);
  return number;
}

function parseOptions(json: unknown, tickInt: number): CatalogOptions | null {
  if (json === null || json === undefined) return null;
  const entry = json as Json;
  const grid = {
    stepTicks: whole(entry.step_ticks, 'options.step_ticks'),
    halfWidthTicks: whole(entry.half_width_ticks, 'options.half_width_ticks'),
  };
  const own = whole(entry.tick_int, 'options.tick_int');
  if (own !== tickInt) throw new WireError(`catalog: options.tick_int is ${own}, that of the underlying ${tickInt}`);
  if (grid.halfWidthTicks > 10_000) throw new WireError(`catalog: options.half_width_ticks is ${grid.halfWidthTicks}`);
  return {
    ...grid,
    productType: String(entry.product_type),
    windowCount: Number(entry.window_count),
    fresh: entry.fresh !== false,
  };
}

function parseNormCalibration(json: unknown): NormCalibration {
  const entry = (json ?? {}) as Json;
  if (entry.kind === 'bootstrap') return { kind: 'bootstrap' };
  return entry.kind === 'session' && typeof entry.dt === 'string' ? { kind: 'session', dt: entry.dt } : null;
}

function parseSession(entry: Json): CatalogSession {
  const tickInt = whole(entry.tick_int, 'tick_int');
  const live = entry.dt === 'live';
  const end = (value: unknown) => (live && (value ?? null) === null ? 0 : secondOfNs(BigInt(String(value))));
  return {
    productType: entry.product_type as ProductType,
    symbol: String(entry.symbol),
    dt: String(entry.dt),
    live,
    over: live && entry.live !== true,
    date: String(entry.date ?? entry.dt),
    first: end(entry.first_window_end_ts_ns),
    last: end(entry.last_window_end_ts_ns),
    tickInt,
    priceIncrementInt: whole(entry.price_increment_int ?? tickInt, 'price_increment_int'),
    halfWidthTicks: whole(entry.half_width_ticks, 'half_width_ticks'),
    session: String(entry.session ?? ''),
    source: String(entry.source ?? ''),
    fresh: entry.fresh !== false,
    options: parseOptions(entry.options, tickInt),
    surfaces: Array.isArray(entry.surfaces) ? entry.surfaces.map(String) : [],
    normCalibration: parseNormCalibration(entry.norm_calibration),
  };
}

/** Sessions of the products this page knows, in the order of the server: live ones, then newest date first. */
export function parseCatalog(json: unknown): CatalogSession[] {
  const sessions = (json as { sessions?: unknown })?.sessions;
  if (!Array.isArray(sessions)) throw new WireError('catalog: no list of sessions');
  return sessions
    .filter((entry: Json) => (PRODUCTS as readonly unknown[]).includes(entry.product_type))
    .map((entry: Json) => parseSession(entry));
}

export async function fetchCatalog(base: string): Promise<CatalogSession[]> {
  const response = await fetch(new URL('/v1/catalog', base));
  if (!response.ok) throw new WireError(`catalog: ${response.status}`);
  return parseCatalog(await response.json());
}

export interface SideFlow {
  added: number;
  pulled: number;
  filled: number;
}

/** What happened in a range of windows and prices, by side of the book. */
export interface Flow {
  windows: number;
  trades: number;
  ask: SideFlow;
  bid: SideFlow;
}

function sideFlow(json: unknown): SideFlow {
  const side = (json ?? {}) as Json;
  const number = (name: string): number => {
    const value = Number(side[name]);
    if (!Number.isFinite(value)) throw new WireError(`flow: ${name} is ${JSON.stringify(side[name])}`);
    return value;
  };
  return { added: number('added'), pulled: number('pulled'), filled: number('filled') };
}

export function parseFlow(json: unknown): Flow {
  const flow = (json ?? {}) as Json;
  const sides = (flow.sides ?? {}) as Json;
  return {
    windows: Number(flow.window_count),
    trades: Number(flow.trade_count),
    ask: sideFlow(sides.A),
    bid: sideFlow(sides.B),
  };
}
