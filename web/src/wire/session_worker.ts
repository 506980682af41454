// Everything that touches bytes happens here, off the page's thread: fetch, stream, decode, combine sides.
import type { Span } from '../model/ring';
import type { SnapshotColumns } from '../model/snapshots';
import type { SurfaceColumn } from '../model/surface_columns';
import { ASKED_SURFACES, type SurfaceName } from '../model/surfaces';
import { WireError } from './arrow_columns';
import { fetchCalibrations } from './calibrations';
import type { Surface } from './contract';
import { decodeForecasts } from './decode_forecast';
import { decodeOptions } from './decode_options';
import { decodeSnap, decodeSnapshots } from './decode_snapshots';
import { buffersOfSurface, decodeSurface } from './decode_surfaces';
import { decodeVelocity, emptyColumn, type WireColumn } from './decode_velocity';
import type { Frame } from './frames';
import { AnswerError, columnsOf, fetchPiece, fetchSnapshots, fetchSurface, type Piece, pieces } from './history';
import type { Beside, FromWorker, OpenMessage, SessionAddress, ToWorker } from './messages';
import type { Control } from './protocol';
import { StreamSocket } from './stream_socket';

interface Scope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = self as unknown as Scope;

type Body = FromWorker extends infer M ? (M extends { generation: number } ? Omit<M, 'generation'> : never) : never;

/** In place of a request: what came by itself. */
const NOT_ASKED = 0;

class Session {
  private readonly socket: StreamSocket;
  private readonly abort = new AbortController();
  private historyAbort = new AbortController();
  private readonly surfaceAborts = new Map<SurfaceName, AbortController>();

  constructor(
    private readonly generation: number,
    private readonly address: SessionAddress,
    open: OpenMessage,
  ) {
    this.socket = new StreamSocket(open, {
      connection: (connection, detail) => this.post({ type: 'connection', connection, detail }),
      frame: (frame) => this.frame(frame),
      state: (state) => this.post({ type: 'state', state }),
      feed: (feed) => this.post({ type: 'feed', feed }),
      problem: (detail) => this.post({ type: 'problem', detail }),
    });
    void this.snapshots(0);
    void this.calibrations();
  }

  control(control: Control): void {
    this.socket.send(control);
  }

  want(surfaces: readonly SurfaceName[]): void {
    this.socket.want(surfaces);
  }

  /** The past of a surface that is sent only when asked for. Nothing there is an answer too, with its reason. */
  async surface(surface: SurfaceName, request: number, span: Span): Promise<void> {
    this.surfaceAborts.get(surface)?.abort();
    const own = new AbortController();
    this.surfaceAborts.set(surface, own);
    const signal = AbortSignal.any([this.abort.signal, own.signal]);
    try {
      const columns = decodeSurface(surface, await fetchSurface(this.address, surface, span, signal), this.address);
      if (signal.aborted) return;
      const done = { type: 'surface_columns' as const, surface, request, span, columns, detail: '' };
      this.post(done, columns.flatMap(buffersOfSurface));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof AnswerError && error.status === 404)
        this.post({ type: 'surface_columns', surface, request, span, columns: [], detail: error.reason });
      else this.post({ type: 'surface_failed', surface, request, detail: reason(error) });
    }
  }

  async snapshots(from: number): Promise<void> {
    try {
      const columns = await fetchSnapshots(this.address, from, this.abort.signal);
      this.post({ type: 'snapshots', columns }, buffersOfSnapshots(columns));
    } catch (error) {
      if (this.abort.signal.aborted) return;
      // A live session may have no window yet; its rows come with the windows then.
      const none = this.address.live && error instanceof AnswerError && error.status === 404;
      if (!none) this.post({ type: 'problem', detail: `snapshots: ${reason(error)}` });
    }
  }

  wake(): void {
    this.socket.wake();
  }

  async calibrations(): Promise<void> {
    try {
      this.post({ type: 'calibrations', calibrations: await fetchCalibrations(this.address, this.abort.signal) });
    } catch (error) {
      if (!this.abort.signal.aborted) this.post({ type: 'problem', detail: `calibrations: ${reason(error)}` });
    }
  }

  /** Newest first. While a piece is decoded the next is on its way, and the one before that is being drawn. */
  async history(request: number, spans: readonly Span[]): Promise<void> {
    this.historyAbort.abort();
    this.historyAbort = new AbortController();
    const signal = AbortSignal.any([this.abort.signal, this.historyAbort.signal]);
    const all = pieces(spans);
    const lacking = (what: Beside, error: unknown) => {
      if (signal.aborted) return;
      const detail = `${what}: ${reason(error)}`;
      // Without an answer the line is down, which is said elsewhere and passes.
      if (error instanceof WireError) this.post({ type: 'lacking', what, detail });
      else this.post({ type: 'problem', detail });
    };
    const ask = (i: number) => {
      const piece = i < all.length ? fetchPiece(this.address, all[i], signal, lacking) : null;
      // What fails is said when its turn comes; until then it is nobody's.
      piece?.catch(() => {});
      return piece;
    };
    try {
      let next = ask(0);
      for (let i = 0; i < all.length && next; i++) {
        const piece: Piece = await next;
        next = ask(i + 1);
        const columns = columnsOf(piece, all[i], this.address);
        if (signal.aborted) return;
        this.post({ type: 'columns', request, ...all[i], columns }, columns.flatMap(buffersOf));
      }
    } catch (error) {
      if (!signal.aborted) this.post({ type: 'history_failed', request, detail: reason(error) });
      this.historyAbort.abort();
    }
  }

  close(): void {
    this.abort.abort();
    this.socket.close();
  }

  private frame(frame: Frame): void {
    const bytes = (surface: Surface) => {
      const found = frame.surfaces.get(surface);
      if (!found) throw new WireError(`window ${frame.second} has no ${surface}`);
      return found;
    };
    const snap = decodeSnap(bytes('snap'));
    const column = decodeVelocity(bytes('velocity'), this.address.tickInt).at(-1) ?? emptyColumn(frame.second);
    const { tickInt, strikes } = this.address;
    if (strikes) column.options = decodeOptions(bytes('options'), tickInt, strikes).at(-1) ?? null;
    const forecast = decodeForecasts(bytes('forecast')).at(-1) ?? null;
    column.scores = forecast?.scores ?? null;
    const beside = [column.options?.second, forecast?.second].map((second) => second ?? frame.second);
    const { sent, surfaces } = this.asked(frame);
    const row = this.address.live ? decodeSnapshots(bytes('book_snapshot')) : null;
    const others = [snap.second, column.second, ...(row?.second ?? []), ...beside];
    if (others.some((second) => second !== frame.second)) {
      throw new WireError(`window ${frame.second}: a surface is of another second`);
    }
    const { calibration } = frame;
    const transfer = [...buffersOf(column), ...surfaces.flatMap(buffersOfSurface)];
    this.post({ type: 'window', column, snap, snapshot: row, forecast, calibration, sent, surfaces }, transfer);
  }

  /** What was asked for beside the fields: one that cannot be read leaves the fields as they are, and is said. */
  private asked(frame: Frame): { sent: SurfaceName[]; surfaces: SurfaceColumn[] } {
    const sent: SurfaceName[] = [];
    const surfaces: SurfaceColumn[] = [];
    for (const surface of ASKED_SURFACES) {
      const bytes = frame.surfaces.get(surface);
      if (!bytes) continue;
      try {
        const column = decodeSurface(surface, bytes, this.address).at(-1);
        if (column && column.second !== frame.second) throw new WireError(`${surface}: of another second`);
        if (column) surfaces.push(column);
        sent.push(surface);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.post({ type: 'surface_failed', surface, request: NOT_ASKED, detail: error.message });
      }
    }
    return { sent, surfaces };
  }

  private post(body: Body, transfer: Transferable[] = []): void {
    scope.postMessage({ ...body, generation: this.generation } as FromWorker, transfer);
  }
}

const buffersOf = ({ cells, options }: WireColumn): ArrayBuffer[] =>
  (options ? [cells.buffer, options.values.buffer] : [cells.buffer]) as ArrayBuffer[];

const buffersOfSnapshots = (columns: SnapshotColumns): ArrayBuffer[] =>
  Object.values(columns).map((array) => array.buffer as ArrayBuffer);

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

let session: Session | null = null;

scope.onmessage = ({ data }) => {
  if (data.type === 'open') {
    session?.close();
    session = new Session(data.generation, data.address, data);
    return;
  }
  if (data.type === 'history') void session?.history(data.request, data.spans);
  else if (data.type === 'snapshots') void session?.snapshots(data.from);
  else if (data.type === 'wake') session?.wake();
  else if (data.type === 'surfaces') session?.want(data.surfaces);
  else if (data.type === 'surface') void session?.surface(data.surface, data.request, data.span);
  else if (data.type === 'calibrations') void session?.calibrations();
  else session?.control(data.control);
};
