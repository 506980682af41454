// What lies to the left of now: fetched once, newest first, in pieces small enough to show progress.
import { nsText } from '../model/clock';
import type { Span } from '../model/ring';
import { WireError } from './arrow_columns';
import { decodeForecasts } from './decode_forecast';
import { decodeOptions } from './decode_options';
import { decodeSnapshots } from './decode_snapshots';
import { decodeVelocity, emptyColumn, type WireColumn } from './decode_velocity';
import type { Beside, SessionAddress } from './messages';

/** A piece is small at first, so that what is visible is there soon, then up to 8 MB on the wire. */
const FIRST_PIECE_SECONDS = 30;
const PIECE_SECONDS = 120;

export function url(address: SessionAddress, path: string, query: Record<string, string> = {}): string {
  const made = new URL(path, address.base);
  const all = { product_type: address.productType, symbol: address.symbol, dt: address.dt, ...query };
  for (const [key, value] of Object.entries(all)) made.searchParams.set(key, value);
  return made.toString();
}

/** The server answered, but not with what was asked for. */
export class AnswerError extends WireError {
  constructor(
    readonly status: number,
    readonly reason: string,
  ) {
    super(`${status}: ${reason}`);
  }
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
  throw new AnswerError(response.status, reason);
}

/** A surface of [first, last] as one stream; without any row in it the answer is 404. */
export async function fetchSurface(
  address: SessionAddress,
  surface: string,
  { first, last }: Span,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const range = { surface, start_ts_ns: nsText(first), end_ts_ns: nsText(last) };
  return fetchBytes(url(address, '/v1/hud/surfaces', range), signal);
}

/** All of a session; of a live one those from a second on, as far as it has got. */
export async function fetchSnapshots(address: SessionAddress, from: number, signal: AbortSignal) {
  const live = () => url(address, '/v1/hud/surfaces', { surface: 'book_snapshot', start_ts_ns: nsText(from) });
  return decodeSnapshots(await fetchBytes(address.live ? live() : url(address, '/v1/snapshots.arrow'), signal));
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

/** What a piece consists of, asked for at the same time; all but the fields is a few hundredths of it. */
export interface Piece {
  velocity: ArrayBuffer;
  options: ArrayBuffer | null;
  forecast: ArrayBuffer | null;
}

/** What lies beside the fields and cannot be had is `failed`, and leaves the fields as they are. */
export async function fetchPiece(
  address: SessionAddress,
  { first, last }: Span,
  signal: AbortSignal,
  failed: (what: Beside, error: unknown) => void,
): Promise<Piece> {
  const ask = (path: string) => fetchBytes(url(address, path, { start: nsText(first), end: nsText(last) }), signal);
  const beside = (what: Beside): Promise<ArrayBuffer | null> =>
    ask(`/v1/${what}.arrow`).catch((error) => {
      failed(what, error);
      return null;
    });
  const [velocity, options, forecast] = await Promise.all([
    ask('/v1/velocity.arrow'),
    address.strikes ? beside('options') : null,
    beside('forecast'),
  ]);
  return { velocity, options, forecast };
}

/** One column for each second of [first, last]; a second without rows (no spot, no book) is an empty column. */
export function columnsOf(piece: Piece, { first, last }: Span, address: SessionAddress): WireColumn[] {
  const { tickInt, strikes } = address;
  const bySecond = new Map(decodeVelocity(piece.velocity, tickInt).map((column) => [column.second, column]));
  const options = strikes && piece.options ? decodeOptions(piece.options, tickInt, strikes) : [];
  const optionsBySecond = new Map(options.map((column) => [column.second, column]));
  const forecasts = piece.forecast ? decodeForecasts(piece.forecast) : [];
  const scoresBySecond = new Map(forecasts.map(({ second, scores }) => [second, scores]));
  const columns: WireColumn[] = [];
  for (let second = first; second <= last; second++) {
    const column = bySecond.get(second) ?? emptyColumn(second);
    column.options = optionsBySecond.get(second) ?? null;
    column.scores = scoresBySecond.get(second) ?? null;
    columns.push(column);
  }
  return columns;
}
