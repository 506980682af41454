// A small server that speaks docs/protocol.md for the made market: as much of it as the page needs, replaying nothing by itself.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join } from 'node:path';
import type { RunningServer } from './harness';
import { calibrationJson, calibrationName, forecast } from './made_forecast';
import { catalogJson, type MadeSession, options, SESSIONS, snap, snapshots, span, velocity } from './made_market';
import { isMadeSurface, madeSurface } from './made_surfaces';
import { frame, grantUpgrade, textsOf } from './websocket_bytes';

const NS = 1_000_000_000n;
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export interface MadeServer extends RunningServer {
  /** Path and query of everything asked for, the stream included. */
  asked: string[];
  /** Text messages of the clients of the stream. */
  told: Record<string, unknown>[];
}

function sessionOf(query: URLSearchParams): MadeSession {
  const product = query.get('product_type');
  const found = SESSIONS.find(
    (session) => session.symbol === query.get('symbol') && (!product || session.productType === product),
  );
  if (!found) throw new Error('no such session');
  return found;
}

const second = (text: string | null): number => Number(BigInt(text ?? '0') / NS);

function arrowAnswer(path: string, query: URLSearchParams): Uint8Array | null {
  const [first, last] = [second(query.get('start')), second(query.get('end'))];
  if (path === '/v1/snapshots.arrow') return snapshots(sessionOf(query));
  if (path === '/v1/velocity.arrow') return velocity(sessionOf(query), first, last);
  if (path === '/v1/options.arrow') return options(sessionOf(query), first, last);
  if (path === '/v1/forecast.arrow') return forecast(sessionOf(query), first, last);
  if (path === '/v1/hud/surfaces') {
    const [from, to] = [second(query.get('start_ts_ns')), second(query.get('end_ts_ns'))];
    return madeSurface(query.get('surface') ?? '', sessionOf(query), from, to);
  }
  return null;
}

function answer(web: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://made');
  const json = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  if (pathname === '/v1/catalog') return void json(catalogJson());
  if (pathname === '/v1/calibration') return void json(calibrationJson(sessionOf(searchParams)));
  if (pathname === '/v1/flow') {
    const side = { added: 1, pulled: 2, filled: 3 };
    return void json({ window_count: 2, trade_count: 4, sides: { A: side, B: side } });
  }
  const arrow = arrowAnswer(pathname, searchParams);
  if (arrow) return void response.setHeader('content-type', 'application/vnd.apache.arrow.stream').end(arrow);
  const file = join(web, pathname === '/' ? 'index.html' : pathname);
  if (!existsSync(file)) return void response.writeHead(404).end();
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
}

/** Sends a window when one is asked for: by connecting, by a seek, by a step. */
class Stream {
  private now: number;
  private playing = true;
  private speed = 1;
  private rest = Buffer.alloc(0);
  private surfaces: string[];

  constructor(
    private readonly socket: Socket,
    private readonly session: MadeSession,
    after: number,
    surfaces: string | null,
    private readonly told: Record<string, unknown>[],
  ) {
    this.surfaces = (surfaces ?? '').split(',').filter(isMadeSurface);
    this.now = Math.max(span.first, after + 1);
    socket.on('data', (chunk: Buffer) => this.heard(chunk));
    socket.on('error', () => {});
    this.window();
  }

  private heard(chunk: Buffer): void {
    const { texts, rest } = textsOf(Buffer.concat([this.rest, chunk]));
    this.rest = Buffer.from(rest);
    for (const text of texts) this.control(JSON.parse(text) as Record<string, unknown>);
  }

  private control(message: Record<string, unknown>): void {
    this.told.push(message);
    const before = this.now;
    if (message.type === 'surfaces') this.surfaces = (message.surfaces as string[]).filter(isMadeSurface);
    if (message.type === 'seek') this.now = second(String(message.window_end_ts_ns));
    if (message.type === 'step') this.now += Number(message.windows ?? 1);
    if (message.type === 'speed') this.speed = Number(message.speed);
    if (message.type === 'pause' || message.type === 'step') this.playing = false;
    if (message.type === 'resume') this.playing = true;
    this.now = Math.min(span.last, Math.max(span.first, this.now));
    const state = { playing: this.playing, speed: this.speed, ended: false, dropped_windows: 0 };
    this.text({ type: 'state', window_end_ts_ns: String(BigInt(this.now) * NS), ...state });
    if (message.type === 'seek' || this.now !== before) this.window();
  }

  private text(message: unknown): void {
    this.socket.write(frame(JSON.stringify(message)));
  }

  private window(): void {
    const { session, now } = this;
    const surfaces: Record<string, Uint8Array> = {
      snap: snap(session, now),
      velocity: velocity(session, now, now),
      options: options(session, now, now),
      forecast: forecast(session, now, now),
    };
    for (const name of this.surfaces) surfaces[name] = madeSurface(name, session, now, now);
    const calibration = calibrationName(session);
    const window = { window_end_ts_ns: String(BigInt(now) * NS), surfaces: Object.keys(surfaces), calibration };
    this.text({ type: 'batch_start', ...window });
    for (const [surface, bytes] of Object.entries(surfaces)) {
      this.text({ type: 'surface_header', surface });
      this.socket.write(frame(bytes));
    }
  }
}

export async function startMadeServer(web: string): Promise<MadeServer> {
  const asked: string[] = [];
  const told: Record<string, unknown>[] = [];
  const streams = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(web, request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? '');
    streams.add(socket);
    socket.once('close', () => streams.delete(socket));
    const query = new URL(request.url ?? '/', 'http://made').searchParams;
    grantUpgrade(request, socket);
    const after = second(query.get('after_window_end_ts_ns'));
    new Stream(socket, sessionOf(query), after, query.get('surfaces'), told);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    told,
    kill: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
        for (const socket of streams) socket.destroy();
      }),
  };
}
