// What lies to the left of now: fetched once, newest first, in pieces small enough to show progress.
import { nsText } from '../model/clock';
import { WireError } from './arrow_columns';
import { decodeSnapshots } from './decode_snapshots';
import { decodeVelocity, emptyColumn, type WireColumn } from './decode_velocity';
import type { SessionAddress } from './messages';

/** About 15 MB on the wire. */
export const PIECE_SECONDS = 240;

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

/** Spans of at most PIECE_SECONDS that cover [first, last], newest first. */
export function pieces(first: number, last: number): { first: number; last: number }[] {
  const spans = [];
  for (let end = last; end >= first; end -= PIECE_SECONDS) {
    spans.push({ first: Math.max(first, end - PIECE_SECONDS + 1), last: end });
  }
  return spans;
}

/** One column for each second of [first, last]; a second without rows (no spot, no book) is an empty column. */
export async function fetchColumns(
  address: SessionAddress,
  first: number,
  last: number,
  signal: AbortSignal,
): Promise<WireColumn[]> {
  const query = { start: nsText(first), end: nsText(last) };
  const found = decodeVelocity(await fetchBytes(url(address, '/v1/velocity.arrow', query), signal), address.tickInt);
  const bySecond = new Map(found.map((column) => [column.second, column]));
  const columns: WireColumn[] = [];
  for (let second = first; second <= last; second++) columns.push(bySecond.get(second) ?? emptyColumn(second));
  return columns;
}
