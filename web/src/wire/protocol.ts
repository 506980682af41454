// Text messages of the stream (docs/protocol.md): what the server says, checked; what the page asks.
import { secondOfNs } from '../model/clock';
import type { Feed } from '../model/feed';
import { WireError } from './arrow_columns';
import { SURFACES, type Surface } from './contract';
import { parseFeed } from './feed_message';

export interface PlayState {
  playing: boolean;
  speed: number;
  second: number | null;
  ended: boolean;
  droppedWindows: number;
  /** Of a live session: whether each window comes as it closes. */
  live: boolean;
}

export type ServerMessage =
  | { type: 'batch_start'; second: number; surfaces: Surface[]; calibration: string | null }
  | { type: 'surface_header'; surface: Surface }
  | { type: 'state'; state: PlayState }
  | { type: 'feed'; feed: Feed }
  | { type: 'error'; message: string };

export type Control =
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'seek'; window_end_ts_ns: string }
  | { type: 'speed'; speed: number }
  | { type: 'step'; windows: number }
  /** To the edge of a live session, and on with it. */
  | { type: 'live' }
  | { type: 'surfaces'; surfaces: readonly Surface[] };

function second(value: unknown): number {
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) {
    throw new WireError(`window_end_ts_ns: ${JSON.stringify(value)} is not a decimal string`);
  }
  return secondOfNs(BigInt(value));
}

function surface(value: unknown): Surface {
  const known = SURFACES.find((name) => name === value);
  if (!known) throw new WireError(`surface ${JSON.stringify(value)} is not known`);
  return known;
}

export function parseMessage(text: string): ServerMessage {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new WireError('text message is not JSON');
  }
  switch (json?.type) {
    case 'batch_start':
      if (!Array.isArray(json.surfaces)) throw new WireError('batch_start without surfaces');
      return {
        type: 'batch_start',
        second: second(json.window_end_ts_ns),
        surfaces: json.surfaces.map(surface),
        calibration: typeof json.calibration === 'string' ? json.calibration : null,
      };
    case 'surface_header':
      return { type: 'surface_header', surface: surface(json.surface) };
    case 'state':
      return {
        type: 'state',
        state: {
          playing: json.playing === true,
          speed: Number(json.speed),
          second: json.window_end_ts_ns == null ? null : second(json.window_end_ts_ns),
          ended: json.ended === true,
          droppedWindows: Number(json.dropped_windows ?? 0),
          live: json.live === true,
        },
      };
    case 'feed':
      return { type: 'feed', feed: parseFeed(json) };
    case 'error':
      return { type: 'error', message: String(json.message) };
    default:
      throw new WireError(`message type ${JSON.stringify(json?.type)} is not known`);
  }
}
