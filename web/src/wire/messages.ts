// Between the page and its worker.
import type { SnapshotColumns } from '../model/snapshots';
import type { ForecastRow, Snap } from './decode_snapshots';
import type { WireColumn } from './decode_velocity';
import type { Control, PlayState } from './protocol';

export interface SessionAddress {
  /** Where the server is, "http://127.0.0.1:8001". */
  base: string;
  symbol: string;
  dt: string;
  /** Tick in 1e-9. */
  tickInt: number;
}

export type ToWorker =
  | { type: 'open'; generation: number; address: SessionAddress; at: number; speed: number; paused: boolean }
  | { type: 'history'; first: number; last: number }
  | { type: 'snapshots' }
  | { type: 'control'; control: Control };

export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'refused';

/** Everything carries the generation of the `open` it answers, so that what is late from the session before is known. */
export type FromWorker = { generation: number } & (
  | { type: 'connection'; connection: Connection; detail: string }
  | { type: 'snapshots'; columns: SnapshotColumns }
  | { type: 'columns'; first: number; last: number; columns: WireColumn[] }
  | { type: 'history_failed'; first: number; last: number; detail: string }
  | { type: 'window'; column: WireColumn; snap: Snap; forecast: ForecastRow[] }
  | { type: 'state'; state: PlayState }
  | { type: 'problem'; detail: string }
);
