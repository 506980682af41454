// Between the page and its worker.
import type { Calibration } from '../model/calibration';
import type { Feed } from '../model/feed';
import type { Forecast } from '../model/forecast';
import type { Span } from '../model/ring';
import type { SnapshotColumns } from '../model/snapshots';
import type { StrikeGrid } from '../model/strikes';
import type { SurfaceColumn } from '../model/surface_columns';
import type { SurfaceName } from '../model/surfaces';
import type { Snap } from './decode_snapshots';
import type { WireColumn } from './decode_velocity';
import type { Control, PlayState } from './protocol';

export interface SessionAddress {
  /** Where the server is, "http://127.0.0.1:8001". */
  base: string;
  productType: string;
  symbol: string;
  dt: string;
  live: boolean;
  /** Tick in 1e-9. */
  tickInt: number;
  /** Smallest step of a price, in 1e-9. */
  priceIncrementInt: number;
  /** Null for a session without options. */
  strikes: StrikeGrid | null;
}

/** What is fetched beside the fields. */
export type Beside = 'options' | 'forecast';

export interface OpenMessage {
  type: 'open';
  generation: number;
  address: SessionAddress;
  /** First second shown; null: the edge of a live session, and on with it. */
  at: number | null;
  speed: number;
  paused: boolean;
  surfaces: readonly SurfaceName[];
}

export type ToWorker =
  | OpenMessage
  /** What is still wanted of the past, newest first; takes the place of what was asked before. */
  | { type: 'history'; request: number; spans: Span[] }
  /** Surfaces that are sent from the next window on, beside those that always are. */
  | { type: 'surfaces'; surfaces: readonly SurfaceName[] }
  /** The past of one surface; takes the place of what was asked of it before. */
  | { type: 'surface'; surface: SurfaceName; request: number; span: Span }
  /** Of a live session from a second on; else all of them. */
  | { type: 'snapshots'; from: number }
  /** The page was away, hidden or asleep: what is not known to be well is looked at now. */
  | { type: 'wake' }
  | { type: 'calibrations' }
  | { type: 'control'; control: Control };

export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'refused';

/** Everything carries the generation of the `open` it answers, so that what is late from the session before is known. */
export type FromWorker = { generation: number } & (
  | { type: 'connection'; connection: Connection; detail: string }
  | { type: 'snapshots'; columns: SnapshotColumns }
  | { type: 'feed'; feed: Feed }
  | { type: 'columns'; request: number; first: number; last: number; columns: WireColumn[] }
  | { type: 'history_failed'; request: number; detail: string }
  /** `forecast` null: the server has none. */
  | {
      type: 'window';
      column: WireColumn;
      snap: Snap;
      /** Of a live session, its row of the snapshots; else null. */
      snapshot: SnapshotColumns | null;
      forecast: Forecast | null;
      calibration: string | null;
      /** Surfaces that were sent with it, and what of them the second has. */
      sent: readonly SurfaceName[];
      surfaces: SurfaceColumn[];
    }
  /** `detail`: why there is nothing; empty where there is. */
  | {
      type: 'surface_columns';
      surface: SurfaceName;
      request: number;
      span: Span;
      columns: SurfaceColumn[];
      detail: string;
    }
  | { type: 'surface_failed'; surface: SurfaceName; request: number; detail: string }
  | { type: 'calibrations'; calibrations: Calibration[] }
  /** The server cannot give something of the past. */
  | { type: 'lacking'; what: Beside; detail: string }
  | { type: 'state'; state: PlayState }
  | { type: 'problem'; detail: string }
);
