// Which session of the catalogue an address means. A root such as ES is resolved by the server, as for any other client.
import { nsText } from '../model/clock';
import type { CatalogSession } from './catalog';

export interface WantedSession {
  product?: string;
  symbol?: string;
  dt?: string;
}

export interface NamedSession {
  session: CatalogSession;
  /** Empty, or why this is the newest session and not the one that was asked for. */
  remark: string;
}

/** "ES" of "ESH6": root, month letter, one or two digits; anything else is its own root. */
export const rootOf = (symbol: string): string => /^(.{2,})[FGHJKMNQUVXZ]\d{1,2}$/.exec(symbol)?.[1] ?? symbol;

/** "ESH6 2026-01-06", "ESH6 2026-01-06 live" */
export const sessionTitle = ({ symbol, date, live }: Pick<CatalogSession, 'symbol' | 'date' | 'live'>): string =>
  `${symbol} ${date}${live ? ' live' : ''}`;

export const sameSession = (a: CatalogSession, b: CatalogSession): boolean =>
  a.productType === b.productType && a.symbol === b.symbol && a.dt === b.dt;

/** Of the live sessions that are not over the one nearest to what is looked at: the same symbol, else the same root, else the first. */
export function liveNear(
  catalog: readonly CatalogSession[],
  near: Pick<CatalogSession, 'productType' | 'symbol'> | null,
): CatalogSession | null {
  const all = catalog.filter(({ live, over }) => live && !over);
  const live = all.filter((entry) => !near || entry.productType === near.productType);
  const same = (of: (symbol: string) => string) => live.find(({ symbol }) => near && of(symbol) === of(near.symbol));
  return same((symbol) => symbol) ?? same(rootOf) ?? live[0] ?? all[0] ?? null;
}

/** The contract the server takes for a root on a date, or why it takes none. */
async function contractOf(
  base: string,
  root: string,
  like: CatalogSession,
): Promise<{ symbol: string; error: string }> {
  const address = new URL('/v1/flow', base);
  const none = nsText(like.first);
  const query = { product_type: like.productType, symbol: root, dt: like.dt, start: none, end: none };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const answer = (await (await fetch(address)).json()) as { symbol?: unknown; error?: unknown };
  return { symbol: String(answer.symbol ?? ''), error: String(answer.error ?? '') };
}

/** The session asked for, else the newest, said in words. Throws when the server cannot be reached. REQUIRES: a catalogue that is not empty. */
export async function sessionNamed(
  base: string,
  catalog: readonly CatalogSession[],
  { product, symbol, dt }: WantedSession,
): Promise<NamedSession> {
  const within = catalog.filter((entry) => (!product || entry.productType === product) && (!dt || entry.dt === dt));
  const exact = within.find((entry) => !symbol || entry.symbol === symbol);
  if (exact) return { session: exact, remark: '' };
  let why = `${[product, symbol, dt].filter(Boolean).join(' ')} is not ${dt === 'live' ? 'there' : 'in the lake'}`;
  const like = within.find((entry) => rootOf(entry.symbol) === symbol);
  if (like && symbol) {
    const contract = await contractOf(base, symbol, like);
    const session = within.find(
      (entry) => entry.symbol === contract.symbol && entry.dt === like.dt && entry.productType === like.productType,
    );
    if (session) return { session, remark: '' };
    why = contract.error || why;
  }
  return { session: catalog[0], remark: `${why}. This is the newest session.` };
}
