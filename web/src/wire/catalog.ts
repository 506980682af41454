// What there is to look at, and what happened in a range: the two answers that come as JSON.
import { secondOfNs } from '../model/clock';
import { WireError } from './arrow_columns';

export interface CatalogSession {
  symbol: string;
  dt: string;
  /** Seconds of the first and last window end. */
  first: number;
  last: number;
  tickInt: number;
  halfWidthTicks: number;
  session: string;
  source: string;
  fresh: boolean;
}

function whole(value: unknown, name: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number <= 0) throw new WireError(`catalog: ${name} is ${JSON.stringify(value)}`);
  return number;
}

export function parseCatalog(json: unknown): CatalogSession[] {
  const sessions = (json as { sessions?: unknown })?.sessions;
  if (!Array.isArray(sessions)) throw new WireError('catalog: no list of sessions');
  return sessions
    .filter((entry: Record<string, unknown>) => entry.product_type === 'future_mbo')
    .map((entry: Record<string, unknown>) => ({
      symbol: String(entry.symbol),
      dt: String(entry.dt),
      first: secondOfNs(BigInt(String(entry.first_window_end_ts_ns))),
      last: secondOfNs(BigInt(String(entry.last_window_end_ts_ns))),
      tickInt: whole(entry.tick_int, 'tick_int'),
      halfWidthTicks: whole(entry.half_width_ticks, 'half_width_ticks'),
      session: String(entry.session ?? ''),
      source: String(entry.source ?? ''),
      fresh: entry.fresh !== false,
    }));
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
  const side = (json ?? {}) as Record<string, unknown>;
  const number = (name: string): number => {
    const value = Number(side[name]);
    if (!Number.isFinite(value)) throw new WireError(`flow: ${name} is ${JSON.stringify(side[name])}`);
    return value;
  };
  return { added: number('added'), pulled: number('pulled'), filled: number('filled') };
}

export function parseFlow(json: unknown): Flow {
  const flow = (json ?? {}) as Record<string, unknown>;
  const sides = (flow.sides ?? {}) as Record<string, unknown>;
  return {
    windows: Number(flow.window_count),
    trades: Number(flow.trade_count),
    ask: sideFlow(sides.A),
    bid: sideFlow(sides.B),
  };
}
