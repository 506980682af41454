// What lies to the left of now: fetched once, newest first, in pieces small enough to show progress.
import { nsText } from '../model/clock';
import type { Span } from '../model/ring';
import { WireError } from './arrow_columns';
import { decodeSnapshots } from './decode_snapshots';
import { decodeVelocity, emptyColumn, type WireColumn } from './decode_velocity';
import type { SessionAddress } from './messages';

/** A piece is small at first, so that what is visible is there soon, then up to 8 MB on the wire. */
const FIRST_PIECE_SECONDS = 30;
const PIECE_SECONDS = 120;

export function url(address: SessionAddress, path: string, query: Record<string, string> = {}): string {
  const made = new URL(path, address.base);
  const all = { symbol: address.symbol, dt: address.dt, ...query };
  for (const [key, value] of Object.entries(all)) made.searchParams.set(key, value);
  return made.toString();
}

/** The body, or an error with what the server said. */
export async function fetchBytes(address: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(address, { signal });
  if (response.ok) return response.arrayBuffer();
  const text = await response.text();
  let reason = text.slice(0, 200);
  try {
    reason = String((JSON.parse(text) as { error?: unknown }).error ?? reason);
  } catch {
    // Not JSON: the text itself is the reason.
  }
  throw new WireError(`${response.status}: ${reason}`);
}

export async function fetchSnapshots(address: SessionAddress, signal: AbortSignal) {
  return decodeSnapshots(await fetchBytes(url(address, '/v1/snapshots.arrow'), signal));
}

/** Pieces that cover the spans, each newest first, growing to PIECE_SECONDS. */
export function pieces(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  let size = FIRST_PIECE_SECONDS;
  for (const { first, last } of spans) {
    for (let end = last; end >= first; ) {
      const begin = Math.max(first, end - size + 1);
      found.push({ first: begin, last: end });
      end = begin - 1;
      size = Math.min(PIECE_SECONDS, 2 * size);
    }
  }
  return found;
}

export function fetchPiece(address: SessionAddress, { first, last }: Span, signal: AbortSignal): Promise<ArrayBuffer> {
  return fetchBytes(url(address, '/v1/velocity.arrow', { start: nsText(first), end: nsText(last) }), signal);
}

/** One column for each second of [first, last]; a second without rows (no spot, no book) is an empty column. */
export function columnsOf(bytes: ArrayBuffer, { first, last }: Span, tickInt: number): WireColumn[] {
  const found = decodeVelocity(bytes, tickInt);
  const bySecond = new Map(found.map((column) => [column.second, column]));
  const columns: WireColumn[] = [];
  for (let second = first; second <= last; second++) columns.push(bySecond.get(second) ?? emptyColumn(second));
  return columns;
}
