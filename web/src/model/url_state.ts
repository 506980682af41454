// What is seen, as the query of the page's address: a link or a reload comes back to the same picture.
import { isoText, secondOfIso } from './clock';
import type { ScaleKind } from './scale';

/** What can be shown or taken off, by the names of the address. */
export const SHOWN = ['options', 'forecast', 'gex', 'bands', 'radar'] as const;
export type ShownName = (typeof SHOWN)[number];

export const SPEEDS = [1, 2, 5, 10, 60] as const;

export interface UrlState {
  /** Told as well because two products may have the same symbol. */
  product?: string;
  symbol?: string;
  /** A date, or "live". */
  dt?: string;
  /** End of the newest window shown; of a live session only if it is not the edge that is followed. */
  second?: number;
  field?: string;
  scale?: ScaleKind;
  /** Whether the options lie over the field, and whether the forecast is shown. */
  options?: boolean;
  forecast?: boolean;
  /** Whether the profile and the lines of gamma exposure, the bands and the radar are shown. */
  gex?: boolean;
  bands?: boolean;
  radar?: boolean;
  zoomTime?: number;
  zoomPrice?: number;
  speed?: number;
  paused?: boolean;
  /** Where the picture looks when it does not follow: middle price in points, seconds back from now. */
  centrePrice?: number;
  back?: number;
}

function finite(text: string | null, min: number, max: number): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= min && value <= max ? value : undefined;
}

/** What the address says and can be understood; the rest is left out. */
export function readUrl(search: string): UrlState {
  const query = new URLSearchParams(search);
  const state: UrlState = {};
  const product = query.get('product');
  const symbol = query.get('symbol');
  const dt = query.get('dt');
  if (product && /^[a-z_0-9]{1,40}$/.test(product)) state.product = product;
  if (symbol && /^[A-Z0-9.]{1,32}$/i.test(symbol)) state.symbol = symbol;
  if (dt && /^(\d{4}-\d{2}-\d{2}|live)$/.test(dt)) state.dt = dt;
  state.second = secondOfIso(query.get('t') ?? '') ?? undefined;
  const field = query.get('field');
  if (field && /^[a-z_]+$/.test(field)) state.field = field;
  const scale = query.get('scale');
  if (scale === 'fixed' || scale === 'view') state.scale = scale;
  for (const name of SHOWN) {
    const shown = query.get(name);
    if (shown === '0' || shown === '1') state[name] = shown === '1';
  }
  const zoom = (query.get('zoom') ?? '').split(',');
  state.zoomTime = finite(zoom[0] ?? null, 0.001, 1000);
  state.zoomPrice = finite(zoom[1] ?? zoom[0] ?? null, 0.001, 1000);
  state.speed = finite(query.get('speed'), 0.01, 1000);
  state.paused = query.get('paused') === '1' ? true : undefined;
  state.centrePrice = finite(query.get('price'), 0, 1e7);
  state.back = finite(query.get('back'), -1e5, 1e5);
  for (const key of Object.keys(state) as (keyof UrlState)[]) if (state[key] === undefined) delete state[key];
  return state;
}

const short = (value: number, digits: number): string => String(+value.toFixed(digits));

export function writeUrl(state: UrlState): string {
  const pairs: [string, string][] = [];
  if (state.product) pairs.push(['product', state.product]);
  if (state.symbol) pairs.push(['symbol', state.symbol]);
  if (state.dt) pairs.push(['dt', state.dt]);
  if (state.second !== undefined) pairs.push(['t', isoText(state.second)]);
  if (state.field) pairs.push(['field', state.field]);
  if (state.scale) pairs.push(['scale', state.scale]);
  for (const name of SHOWN) if (state[name] !== undefined) pairs.push([name, state[name] ? '1' : '0']);
  if (state.zoomTime !== undefined && state.zoomPrice !== undefined) {
    pairs.push(['zoom', `${short(state.zoomTime, 3)},${short(state.zoomPrice, 3)}`]);
  }
  if (state.speed !== undefined) pairs.push(['speed', short(state.speed, 2)]);
  if (state.paused) pairs.push(['paused', '1']);
  if (state.centrePrice !== undefined) pairs.push(['price', short(state.centrePrice, 3)]);
  if (state.back !== undefined) pairs.push(['back', short(state.back, 1)]);
  return `?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2C', ',')}`).join('&')}`;
}
