// A live session for the tests, without a feed: the real server on a prepared lake, of which a recorded session is given out second by
// second as if it were being made. The test says when a second closes and what the feed is said to do.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type RunningServer, startServer } from './harness';
import { catalogOf, type Session } from './truth';
import { frame, grantUpgrade, textsOf } from './websocket_bytes';

const NS = 1_000_000_000n;
const ns = (second: number): string => String(BigInt(second) * NS);
const second = (text: unknown): number => Number(BigInt(String(text)) / NS);
const HEARTBEAT_MS = 400;
const ENDS = ['end', 'end_ts_ns'];

export type FeedChange = Record<string, unknown>;

/** The messages of windows, as the real server sends them. */
class WindowSource {
  private readonly socket: WebSocket;
  private readonly ready: Promise<void>;
  private batch: (string | ArrayBuffer)[] = [];
  private left = 0;
  private awaited: { second: number; done: (messages: (string | ArrayBuffer)[]) => void } | null = null;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onmessage = ({ data }) => this.heard(data as string | ArrayBuffer);
    this.ready = new Promise((done, failed) => {
      this.socket.onopen = () => done();
      this.socket.onerror = () => failed(new Error(`${url} cannot be reached`));
    });
    this.ready.then(() => this.tell({ type: 'pause' }));
  }

  tell(message: unknown): void {
    void this.ready.then(() => this.socket.send(JSON.stringify(message)));
  }

  window(at: number): Promise<(string | ArrayBuffer)[]> {
    return new Promise((done) => {
      this.awaited = { second: at, done };
      this.tell({ type: 'seek', window_end_ts_ns: ns(at) });
    });
  }

  close(): void {
    this.socket.close();
  }

  private heard(data: string | ArrayBuffer): void {
    if (typeof data === 'string') {
      const { type, window_end_ts_ns, surfaces } = JSON.parse(data) as Record<string, unknown>;
      if (type === 'state') return;
      if (type === 'batch_start') {
        this.batch = [];
        this.left = second(window_end_ts_ns) === this.awaited?.second ? (surfaces as string[]).length : 0;
      }
    }
    this.batch.push(data);
    if (typeof data === 'string' || --this.left !== 0) return;
    const { awaited } = this;
    this.awaited = null;
    awaited?.done(this.batch);
  }
}

/** One client of the live stream. */
class LiveClient {
  private now: number;
  private following: boolean;
  private playing = true;
  private speed = 1;
  private rest = Buffer.alloc(0);
  private work = Promise.resolve();
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly socket: Socket,
    private readonly source: WindowSource,
    private readonly relay: LiveRelay,
    after: string | null,
  ) {
    this.following = true;
    this.now = after === null ? Math.max(relay.edge, relay.first) - 1 : second(after);
    socket.on('data', (chunk: Buffer) => this.heard(chunk));
    socket.on('close', () => this.close());
    this.timer = setInterval(() => this.replay(), 1000);
    this.grown();
  }

  /** Seconds have closed. */
  grown(): void {
    if (this.following) while (this.now < this.relay.edge) this.send(++this.now);
  }

  text(message: unknown): void {
    this.work = this.work.then(() => void this.socket.write(frame(JSON.stringify(message))));
  }

  close(): void {
    clearInterval(this.timer);
    this.source.close();
    this.socket.destroy();
  }

  private replay(): void {
    if (this.following || !this.playing || this.now >= this.relay.edge) return;
    this.send(++this.now);
    if (this.now < this.relay.edge) return;
    this.following = true;
    this.state();
  }

  private heard(chunk: Buffer): void {
    const { texts, rest } = textsOf(Buffer.concat([this.rest, chunk]));
    this.rest = Buffer.from(rest);
    for (const text of texts) this.control(JSON.parse(text) as Record<string, unknown>);
  }

  private control(message: Record<string, unknown>): void {
    const { type } = message;
    const { first, edge } = this.relay;
    this.relay.told.push(message);
    const before = this.now;
    if (type === 'surfaces') this.source.tell(message);
    if (type === 'pause' || type === 'step') this.playing = false;
    if (type === 'resume' || type === 'live') this.playing = true;
    if (type === 'speed') this.speed = Number(message.speed);
    if (type === 'seek') this.now = second(message.window_end_ts_ns);
    if (type === 'step') this.now += Number(message.windows ?? 1);
    if (type === 'live') this.now = edge;
    this.now = Math.max(first, Math.min(edge, this.now));
    if (type === 'live') this.following = true;
    else if (type !== 'surfaces' && type !== 'resume') this.following = this.playing && this.now === edge;
    this.state();
    if (type === 'seek' || this.now !== before) this.send(this.now);
  }

  private state(): void {
    const { playing, speed, now, following } = this;
    const state = { playing, speed, ended: false, dropped_windows: 0, live: following };
    this.text({ type: 'state', window_end_ts_ns: ns(now), ...state });
  }

  private send(at: number): void {
    this.work = this.work.then(async () => {
      for (const message of await this.source.window(at))
        this.socket.write(frame(typeof message === 'string' ? message : new Uint8Array(message)));
    });
  }
}

export class LiveRelay implements RunningServer {
  /** Path and query of everything asked for, the stream included. */
  readonly asked: string[] = [];
  /** Control messages of the clients of the live stream. */
  readonly told: Record<string, unknown>[] = [];
  /** Answers nobody, as a server that is gone. */
  away = false;
  /** Whether there is a live session. */
  running = true;
  url = '';
  port = 0;
  private readonly clients = new Set<LiveClient>();
  private feed: FeedChange = {
    state: 'live',
    dataset: 'GLBX.MDP3',
    detail: '',
    lag_ns: '12400000',
    reconnects: 0,
    gaps: [],
  };
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  private constructor(
    private readonly real: RunningServer,
    readonly session: Session,
    /** End of the newest closed window; below `first`: none is. */
    public edge: number,
  ) {
    this.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
  }

  static async start(lake: string): Promise<LiveRelay> {
    const real = await startServer(lake);
    const session = (await catalogOf(real.url)).find(({ productType }) => productType === 'future_mbo');
    if (!session) throw new Error('the prepared lake has no session of futures');
    const relay = new LiveRelay(real, session, session.first + 240);
    await new Promise<void>((done) => relay.server.listen(0, '127.0.0.1', done));
    relay.port = (relay.server.address() as AddressInfo).port;
    relay.url = `http://127.0.0.1:${relay.port}`;
    relay.heartbeat = setInterval(() => relay.say({}), HEARTBEAT_MS);
    return relay;
  }

  get first(): number {
    return this.session.first;
  }

  /** The server the session is taken from. */
  get realUrl(): string {
    return this.real.url;
  }

  /** So many seconds close. */
  advance(seconds: number): void {
    this.edge += seconds;
    for (const client of this.clients) client.grown();
  }

  /** Tells all clients what the feed does, of which this has changed. */
  say(change: FeedChange): void {
    Object.assign(this.feed, change);
    const edge = this.edge < this.first ? null : ns(this.edge);
    const told = {
      stale: [],
      last_record_ts_ns: edge,
      last_record_age_ns: '300000000',
      window_end_ts_ns: edge,
      ...this.feed,
    };
    for (const client of this.clients) client.text({ type: 'feed', ...told });
  }

  /** The connections of all clients break. */
  hangUp(): void {
    for (const client of this.clients) client.close();
    this.clients.clear();
  }

  async kill(): Promise<void> {
    clearInterval(this.heartbeat);
    this.hangUp();
    this.server.closeAllConnections();
    this.server.close();
    await this.real.kill();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(request.url ?? '');
    if (this.away) return void request.socket.destroy();
    const address = new URL(request.url ?? '/', this.real.url);
    if (address.pathname === '/v1/catalog') return void response.end(await this.catalog());
    if (address.searchParams.get('dt') === 'live') this.recorded(address);
    const answer = await fetch(address);
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  /** What is asked of the live session, asked of the recorded one; what has not closed yet is not there. */
  private recorded(address: URL): void {
    address.searchParams.set('dt', this.session.dt);
    if (address.pathname === '/v1/hud/surfaces' && !address.searchParams.has('end_ts_ns'))
      address.searchParams.set('end_ts_ns', ns(this.edge));
    for (const name of ENDS) {
      const end = address.searchParams.get(name);
      if (end) address.searchParams.set(name, ns(Math.min(second(end), this.edge)));
    }
  }

  private async catalog(): Promise<string> {
    const { sessions } = (await (await fetch(`${this.real.url}/v1/catalog`)).json()) as {
      sessions: Record<string, unknown>[];
    };
    if (!this.running) return JSON.stringify({ sessions });
    const { symbol, productType, dt } = this.session;
    const entry = sessions.find(
      (found) => found.symbol === symbol && found.product_type === productType && found.dt === dt,
    );
    const begun = this.edge >= this.first;
    const ends = {
      first_window_end_ts_ns: begun ? ns(this.first) : null,
      last_window_end_ts_ns: begun ? ns(this.edge) : null,
    };
    const live = { ...entry, dt: 'live', live: true, date: dt, ...ends };
    return JSON.stringify({ sessions: [live, ...sessions] });
  }

  private upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    this.asked.push(request.url ?? '');
    socket.on('error', () => {});
    if (this.away) return void socket.destroy();
    const address = new URL(request.url ?? '/', this.real.url);
    if (address.searchParams.get('dt') !== 'live') return this.tunnel(request, socket, head);
    grantUpgrade(request, socket);
    const after = address.searchParams.get('after_window_end_ts_ns');
    address.protocol = 'ws:';
    address.searchParams.set('dt', this.session.dt);
    address.searchParams.set('after_window_end_ts_ns', ns(this.first));
    const client = new LiveClient(socket, new WindowSource(address.href), this, after);
    this.clients.add(client);
    socket.once('close', () => this.clients.delete(client));
    this.say({});
  }

  /** A recorded session is the real server's business. */
  private tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const real = connect(this.real.port, '127.0.0.1', () => {
      const { rawHeaders } = request;
      const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []));
      real.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      real.write(head);
      socket.pipe(real).pipe(socket);
    });
    real.on('error', () => socket.destroy());
    socket.once('close', () => real.destroy());
  }
}
