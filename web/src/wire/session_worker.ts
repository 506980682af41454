// Everything that touches bytes happens here, off the page's thread: fetch, stream, decode, combine sides.
import { WireError } from './arrow_columns';
import { decodeForecast, decodeSnap } from './decode_snapshots';
import { decodeVelocity, emptyColumn } from './decode_velocity';
import type { Frame } from './frames';
import { fetchColumns, fetchSnapshots, pieces } from './history';
import type { FromWorker, SessionAddress, ToWorker } from './messages';
import { StreamSocket } from './stream_socket';

interface Scope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = self as unknown as Scope;

type Body = FromWorker extends infer M ? (M extends { generation: number } ? Omit<M, 'generation'> : never) : never;

class Session {
  private readonly socket: StreamSocket;
  private readonly abort = new AbortController();

  constructor(
    private readonly generation: number,
    private readonly address: SessionAddress,
    at: number,
    speed: number,
    paused: boolean,
  ) {
    this.socket = new StreamSocket(address, at, speed, paused, {
      connection: (connection, detail) => this.post({ type: 'connection', connection, detail }),
      frame: (frame) => this.frame(frame),
      state: (state) => this.post({ type: 'state', state }),
      problem: (detail) => this.post({ type: 'problem', detail }),
    });
    void this.snapshots();
  }

  control(message: Extract<ToWorker, { type: 'control' }>): void {
    this.socket.send(message.control);
  }

  async snapshots(): Promise<void> {
    try {
      const columns = await fetchSnapshots(this.address, this.abort.signal);
      this.post(
        { type: 'snapshots', columns },
        Object.values(columns).map((array) => array.buffer as ArrayBuffer),
      );
    } catch (error) {
      if (!this.abort.signal.aborted) this.post({ type: 'problem', detail: `snapshots: ${reason(error)}` });
    }
  }

  async history(first: number, last: number): Promise<void> {
    for (const piece of pieces(first, last)) {
      try {
        const columns = await fetchColumns(this.address, piece.first, piece.last, this.abort.signal);
        if (this.abort.signal.aborted) return;
        this.post(
          { type: 'columns', ...piece, columns },
          columns.map((column) => column.cells.buffer as ArrayBuffer),
        );
      } catch (error) {
        if (this.abort.signal.aborted) return;
        this.post({ type: 'history_failed', first, last: piece.last, detail: reason(error) });
        return;
      }
    }
  }

  close(): void {
    this.abort.abort();
    this.socket.close();
  }

  private frame(frame: Frame): void {
    const bytes = (surface: 'snap' | 'velocity' | 'forecast') => {
      const found = frame.surfaces.get(surface);
      if (!found) throw new WireError(`window ${frame.second} has no ${surface}`);
      return found;
    };
    const snap = decodeSnap(bytes('snap'));
    const column = decodeVelocity(bytes('velocity'), this.address.tickInt).at(-1) ?? emptyColumn(frame.second);
    const forecast = frame.surfaces.has('forecast') ? decodeForecast(bytes('forecast')) : [];
    if (snap.second !== frame.second || column.second !== frame.second) {
      throw new WireError(`window ${frame.second}: a surface is of another second`);
    }
    this.post({ type: 'window', column, snap, forecast }, [column.cells.buffer as ArrayBuffer]);
  }

  private post(body: Body, transfer: Transferable[] = []): void {
    scope.postMessage({ ...body, generation: this.generation } as FromWorker, transfer);
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

let session: Session | null = null;

scope.onmessage = ({ data }) => {
  if (data.type === 'open') {
    session?.close();
    session = new Session(data.generation, data.address, data.at, data.speed, data.paused);
    return;
  }
  if (data.type === 'history') void session?.history(data.first, data.last);
  else if (data.type === 'snapshots') void session?.snapshots();
  else session?.control(data);
};
