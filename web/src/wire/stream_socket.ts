// The stream, kept alive: connects, notices silence, and reconnects to where it was with growing pauses. Of a live session it follows
// the edge unless it is told to be elsewhere.
import { nsText } from '../model/clock';
import type { Feed } from '../model/feed';
import type { SurfaceName } from '../model/surfaces';
import { WireError } from './arrow_columns';
import { BASE_SURFACES, LIVE_SURFACES } from './contract';
import { type Frame, FrameAssembler } from './frames';
import { url } from './history';
import type { Connection, OpenMessage, SessionAddress } from './messages';
import { type Control, type PlayState, parseMessage } from './protocol';

export interface SocketSink {
  connection(connection: Connection, detail: string): void;
  frame(frame: Frame): void;
  state(state: PlayState): void;
  feed(feed: Feed): void;
  problem(detail: string): void;
}

const SILENCE_MS = 10_000;
/** A live session speaks of its feed once a second, whatever else comes. */
const LIVE_SILENCE_MS = 6000;
/** After a longer absence the edge comes first, and what was missed is fetched as the past is. */
const CAUGHT_UP_MS = 60_000;
const WENT_WRONG_ON_SERVER = 1011;

/** 0.25 s, doubling to 4 s. */
export const reconnectDelay = (attempt: number): number => Math.min(4000, 250 * 2 ** attempt);

export class StreamSocket {
  private readonly address: SessionAddress;
  private readonly at: number | null;
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly watch: ReturnType<typeof setInterval>;
  private attempt = 0;
  private lastHeard = Date.now();
  private newest: number | null = null;
  private state: PlayState;
  private refusal = '';
  private surfaces: readonly SurfaceName[];
  private closed = false;

  constructor(
    { address, at, speed, paused, surfaces }: Omit<OpenMessage, 'type' | 'generation'>,
    private readonly sink: SocketSink,
  ) {
    this.address = address;
    this.at = at;
    this.surfaces = surfaces;
    this.state = {
      playing: !paused || at === null,
      speed,
      second: null,
      ended: false,
      droppedWindows: 0,
      live: at === null,
    };
    this.watch = setInterval(() => this.checkSilence(), 1000);
    this.connect();
  }

  send(control: Control): void {
    // What is asked while the line is down is kept in the wished state and asked again on reconnecting.
    if (control.type === 'pause' || control.type === 'step') this.state.playing = false;
    if (control.type === 'resume' || control.type === 'live') this.state.playing = true;
    if (control.type === 'live') this.state.live = true;
    else if (control.type !== 'surfaces' && control.type !== 'resume') this.state.live = false;
    if (control.type === 'speed') this.state.speed = control.speed;
    if (control.type === 'seek' && !this.open) this.newest = Number(BigInt(control.window_end_ts_ns) / 1_000_000_000n);
    if (this.open) this.socket?.send(JSON.stringify(control));
  }

  /** Which surfaces come beside those that always do. */
  want(surfaces: readonly SurfaceName[]): void {
    this.surfaces = surfaces;
    this.send({ type: 'surfaces', surfaces: this.sent });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    clearInterval(this.watch);
    this.socket?.close();
  }

  /** Does now what would be noticed or tried later. */
  wake(): void {
    if (this.socket) return this.checkSilence();
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.connect();
  }

  private get sent() {
    return [...(this.address.live ? LIVE_SURFACES : BASE_SURFACES), ...this.surfaces];
  }

  /** The second to go on after; null: the edge of a live session. */
  private get after(): number | null {
    const { newest, at } = this;
    if (this.state.live) return Date.now() - this.lastHeard < CAUGHT_UP_MS ? newest : null;
    return newest ?? (at === null ? null : at - 1);
  }

  private get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  private connect(): void {
    this.sink.connection(this.attempt === 0 && this.newest === null ? 'connecting' : 'reconnecting', this.refusal);
    this.timer = undefined;
    // Without a place a live session begins at its edge; minutes to skip would be a place.
    const query: Record<string, string> = { speed: String(this.state.speed) };
    const { after, sent } = this;
    if (after !== null) query.after_window_end_ts_ns = nsText(after);
    if (sent.length > BASE_SURFACES.length) query.surfaces = sent.join(',');
    const socket = new WebSocket(url(this.address, '/v1/velocity/stream', query).replace(/^http/, 'ws'));
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    const assembler = new FrameAssembler({
      frame: (frame) => {
        this.newest = frame.second;
        this.sink.frame(frame);
      },
      state: (state) => {
        this.state = { ...state };
        this.sink.state(state);
      },
      feed: (feed) => this.sink.feed(feed),
      error: (message) => {
        this.refusal = message;
        this.sink.problem(message);
      },
    });
    socket.onopen = () => this.opened();
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => this.heard(assembler, event.data);
    socket.onclose = (event) => this.lost(socket, event.code);
  }

  /**
   * The first message makes this client one that may seek: one that follows a live session says what it has said already, as any other
   * would end the following. A paused one is put back exactly where it was, as is one that plays what a live session had before.
   */
  private opened(): void {
    this.attempt = 0;
    this.refusal = '';
    this.lastHeard = Date.now();
    this.sink.connection('connected', '');
    const { playing, speed, live } = this.state;
    if (live) return this.want(this.surfaces);
    this.send(playing ? { type: 'speed', speed } : { type: 'pause' });
    const place = this.newest ?? this.at;
    if (place !== null && (!playing || this.address.live)) this.send({ type: 'seek', window_end_ts_ns: nsText(place) });
  }

  private heard(assembler: FrameAssembler, data: string | ArrayBuffer): void {
    this.lastHeard = Date.now();
    try {
      if (typeof data === 'string') assembler.text(parseMessage(data));
      else assembler.binary(data);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.sink.problem(error.message);
    }
  }

  private lost(socket: WebSocket, code: number): void {
    if (this.closed || socket !== this.socket) return;
    this.socket = null;
    if (code === WENT_WRONG_ON_SERVER && this.refusal !== '') {
      this.sink.connection('refused', this.refusal);
      return;
    }
    this.sink.connection('reconnecting', this.refusal);
    this.timer = setTimeout(() => this.connect(), reconnectDelay(this.attempt++));
  }

  /** A server that vanished without closing says nothing, also not that it is gone. */
  private checkSilence(): void {
    const socket = this.socket;
    const { playing, ended, speed } = this.state;
    const { live } = this.address;
    if (!socket || !this.open || ended || !(playing || live)) return;
    if (Date.now() - this.lastHeard < (live ? LIVE_SILENCE_MS : SILENCE_MS + 2000 / speed)) return;
    socket.onclose = null;
    socket.close();
    this.lost(socket, 1006);
  }
}
