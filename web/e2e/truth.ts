// What the data say, read from the server by other means than the page's own decoding.
import { type Table, tableFromIPC } from 'apache-arrow';

export interface Session {
  productType: string;
  symbol: string;
  dt: string;
  first: number;
  last: number;
  tickInt: number;
  priceIncrementInt: number;
  options: Options | null;
}

export interface Row {
  second: number;
  tick: number;
  rel: number;
  side: string;
  fields: Record<string, number>;
}

const NS = 1_000_000_000n;

export interface Options {
  stepTicks: number;
  halfWidthTicks: number;
}

type Entry = Record<string, string> & { options?: { step_ticks: number; half_width_ticks: number } | null };

export async function catalogOf(url: string): Promise<Session[]> {
  const { sessions } = (await (await fetch(`${url}/v1/catalog`)).json()) as { sessions: Entry[] };
  return sessions.map(sessionOf);
}

export async function newestSession(url: string, productType = 'future_mbo'): Promise<Session> {
  const newest = (await catalogOf(url)).find((session) => session.productType === productType);
  if (!newest) throw new Error(`the prepared lake has no session of ${productType}`);
  return newest;
}

function sessionOf(newest: Entry): Session {
  const second = (text: string) => Number(BigInt(text) / NS);
  return {
    productType: newest.product_type,
    symbol: newest.symbol,
    dt: newest.dt,
    first: second(newest.first_window_end_ts_ns),
    last: second(newest.last_window_end_ts_ns),
    tickInt: Number(newest.tick_int),
    priceIncrementInt: Number(newest.price_increment_int ?? newest.tick_int),
    options: newest.options
      ? { stepTicks: newest.options.step_ticks, halfWidthTicks: newest.options.half_width_ticks }
      : null,
  };
}

async function table(url: string): Promise<Table> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return tableFromIPC(new Uint8Array(await response.arrayBuffer()));
}

const named = ({ productType, symbol, dt }: Session): string => `product_type=${productType}&symbol=${symbol}&dt=${dt}`;

const between = (session: Session, first: number, last: number): string =>
  `${named(session)}&start=${BigInt(first) * NS}&end=${BigInt(last) * NS}`;

export interface OptionsRow {
  second: number;
  spotTick: number;
  rel: number;
  value: number;
}

export async function optionsRows(url: string, session: Session, first: number, last: number): Promise<OptionsRow[]> {
  const found = await table(`${url}/v1/options.arrow?${between(session, first, last)}`);
  return Array.from({ length: found.numRows }, (_, i) => ({
    second: Number((found.getChild('window_end_ts_ns')?.get(i) as bigint) / NS),
    spotTick: Number((found.getChild('spot_ref_price_int')?.get(i) as bigint) / BigInt(session.tickInt)),
    rel: found.getChild('rel_ticks')?.get(i) as number,
    value: found.getChild('liquidity_velocity')?.get(i) as number,
  }));
}

export async function velocityRows(url: string, session: Session, first: number, last: number): Promise<Row[]> {
  const found = await table(`${url}/v1/velocity.arrow?${between(session, first, last)}`);
  const names = ['liquidity_velocity', 'u_wave_energy', 'pressure_grad', 'nu', 'Omega', 'rho'];
  const rows: Row[] = [];
  for (let i = 0; i < found.numRows; i++) {
    const at = (name: string) => found.getChild(name)?.get(i) as unknown;
    const spot = Number((at('spot_ref_price_int') as bigint) / BigInt(session.tickInt));
    const rel = at('rel_ticks') as number;
    const fields = Object.fromEntries(names.map((name) => [name, at(name) as number]));
    const second = Number((at('window_end_ts_ns') as bigint) / NS);
    rows.push({ second, tick: spot + rel, rel, side: at('side') as string, fields });
  }
  return rows;
}

/** Rows of one second of a surface, by column; whole numbers as numbers. */
export async function surfaceRows(
  url: string,
  session: Session,
  surface: string,
  second: number,
): Promise<Record<string, number | string | boolean | null>[]> {
  const at = BigInt(second) * NS;
  const query = `${named(session)}&surface=${surface}&start_ts_ns=${at}&end_ts_ns=${at}`;
  const found = await table(`${url}/v1/hud/surfaces?${query}`);
  return found.toArray().map((row) => {
    const values = Object.entries(row.toJSON() as Record<string, number | bigint | string | boolean | null>);
    return Object.fromEntries(values.map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]));
  });
}

export interface Quality {
  second: number;
  valid: boolean;
  newEpoch: boolean;
  crossed: boolean;
  late: number;
  anomalies: number;
  bid: number;
  ask: number;
  /** In points; 0 where the book has no two sides. */
  mid: number;
}

export async function qualities(url: string, session: Session): Promise<Quality[]> {
  const found = await table(`${url}/v1/snapshots.arrow?${named(session)}`);
  const out: Quality[] = [];
  let epoch: number | null = null;
  for (let i = 0; i < found.numRows; i++) {
    const at = (name: string) => found.getChild(name)?.get(i) as bigint | boolean;
    const now = Number(at('epoch'));
    out.push({
      second: Number((at('window_end_ts_ns') as bigint) / NS),
      valid: at('book_valid') === true,
      newEpoch: epoch !== null && now !== epoch,
      crossed: at('crossed') === true,
      late: Number(at('late_count')),
      anomalies: Number(at('anomaly_count')),
      bid: Number(at('best_bid_price_int')),
      ask: Number(at('best_ask_price_int')),
      mid: Number(at('mid_price') ?? 0),
    });
    epoch = now;
  }
  return out;
}

/** Rows whose side is beyond question: asks above spot and bids below, with depth. */
export const certain = (row: Row): boolean =>
  row.fields.rho > 0 && ((row.rel > 0 && row.side === 'A') || (row.rel < 0 && row.side === 'B'));
