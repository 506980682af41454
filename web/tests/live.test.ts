// A live session: what the server says of its feed, what is made of it in words, snapshots that grow, and the socket that follows the edge.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { actionOf } from '../src/gui/keys';
import { byKind, sessionText } from '../src/gui/picker';
import { Camera } from '../src/model/camera';
import { behindText, type Feed, FeedWatch, gapWords, lagText, spanText, touches } from '../src/model/feed';
import { ColumnRing } from '../src/model/ring';
import { type SnapshotColumns, Snapshots } from '../src/model/snapshots';
import { whyAbsent } from '../src/model/surfaces';
import { readUrl } from '../src/model/url_state';
import { Past } from '../src/past';
import { parseCatalog } from '../src/wire/catalog';
import { liveNear, sessionNamed, sessionTitle } from '../src/wire/named_session';
import { parseMessage } from '../src/wire/protocol';
import { StreamSocket } from '../src/wire/stream_socket';

/** 2026-01-06, 10:02:13 New York. */
const T = 1_767_711_733;
const feedJson = (change: Record<string, unknown> = {}) => ({
  type: 'feed',
  state: 'live',
  dataset: 'GLBX.MDP3',
  detail: '',
  lag_ns: '12400000',
  last_record_ts_ns: `${T}250000000`,
  last_record_age_ns: '300000000',
  window_end_ts_ns: `${T}000000000`,
  reconnects: 1,
  gaps: [{ start_ts_ns: `${T}500000000`, end_ts_ns: `${T + 18}500000000`, cause: 'connection lost' }],
  stale: [{ symbol: 'ESH6', age_ns: '7200000000' }],
  ...change,
});
function parsed(change: Record<string, unknown> = {}): Feed {
  const message = parseMessage(JSON.stringify(feedJson(change)));
  if (message.type !== 'feed') throw new Error(message.type);
  return message.feed;
}

describe('what the server says of the feed', () => {
  it('is read with its times', () => {
    expect(parsed()).toEqual({
      state: 'live',
      dataset: 'GLBX.MDP3',
      detail: '',
      lagMs: 12.4,
      lastRecord: T + 0.25,
      lastRecordAge: 0.3,
      edge: T,
      reconnects: 1,
      gaps: [{ start: T + 0.5, end: T + 18.5, cause: 'connection lost' }],
      stale: [{ symbol: 'ESH6', age: 7.2 }],
    });
  });
  it('may lack everything but its state', () => {
    expect(parseMessage('{"type":"feed","state":"connecting"}')).toMatchObject({
      feed: { lagMs: null, lastRecordAge: null, edge: null, reconnects: 0, gaps: [], stale: [] },
    });
    expect(parsed({ last_record_ts_ns: null, lag_ns: '0' }).lagMs).toBeNull();
    const open = parsed({ gaps: [{ start_ts_ns: `${T}000000000`, end_ts_ns: null }] });
    expect(open.gaps).toEqual([{ start: T, end: null, cause: '' }]);
  });
  it('is refused where it makes no sense, and bounded', () => {
    for (const change of [
      { state: 'asleep' },
      { lag_ns: 12 },
      { lag_ns: 'x' },
      { window_end_ts_ns: '1' },
      { gaps: [{}] },
      { gaps: [null] },
      { stale: [{ symbol: 'ES', age_ns: 7 }] },
    ])
      expect(() => parsed(change), JSON.stringify(change)).toThrow(/feed: /);
    const many = Array.from({ length: 150 }, (_, i) => ({ start_ts_ns: String(i), end_ts_ns: null }));
    expect(parsed({ gaps: many }).gaps).toHaveLength(100);
    expect(parsed({ gaps: many }).gaps.at(-1)?.start).toBeCloseTo(149e-9, 15);
    expect(parsed({ detail: 'x'.repeat(5000) }).detail).toHaveLength(400);
  });
  it('a state says whether it follows the edge', () => {
    const state = (more: string) => parseMessage(`{"type":"state","playing":true,"speed":1,"ended":false${more}}`);
    expect(state(',"live":true')).toMatchObject({ state: { live: true } });
    expect(state('')).toMatchObject({ state: { live: false } });
  });
});

describe('words of the feed', () => {
  it('say how long', () => {
    expect([0, 0.44, 9.94, 9.96, 47.4, 119, 200, 240, 3600, 7800].map(spanText)).toEqual([
      '0.0 s',
      '0.4 s',
      '9.9 s',
      '10 s',
      '47 s',
      '119 s',
      '3 min 20 s',
      '4 min',
      '1 h',
      '2 h 10 min',
    ]);
    expect([0.4, 12.4, 999, 1200, 2.8e10].map(lagText)).toEqual(['0 ms', '12 ms', '999 ms', '1.2 s', 'of a past day']);
    expect([0, 12, 75, 3723].map(behindText)).toEqual(['−0:00', '−0:12', '−1:15', '−1:02:03']);
  });
  it('say of a gap how long, when, and why', () => {
    const gap = { start: T + 0.5, end: T + 18.5, cause: 'connection lost' };
    expect(gapWords(gap, 0)).toBe('18 s · 10:02:13–10:02:31 · connection lost');
    expect(gapWords({ ...gap, end: null, cause: '' }, T + 31)).toBe('31 s · since 10:02:13');
  });
  it('a gap touches the seconds whose windows it reaches into', () => {
    const gap = { start: 100.5, end: 102 };
    expect([100, 101, 102, 103].map((second) => touches(gap, second))).toEqual([false, true, true, false]);
    expect(touches({ start: 100.5, end: null }, 5000)).toBe(true);
  });
});

describe('what is known of a feed', () => {
  it('grows old with the clock, from the arrival of data', () => {
    const watch = new FeedWatch();
    expect(watch.dataAge(0)).toBeNull();
    watch.hear(parsed({ stale: [] }), 1000);
    expect(watch.dataAge(3000)).toBeCloseTo(2.3);
    expect(watch.staleness('ESH6', 5600)).toBeNull();
    expect(watch.staleness('ESH6', 5800)).toBeCloseTo(5.1);
    watch.hear(parsed(), 6000);
    expect(watch.staleness('ESH6', 7000)).toBeCloseTo(8.2);
    expect(watch.staleness('NQH6', 7000)).toBeNull();
    watch.hear(parsed({ last_record_age_ns: null, stale: [] }), 7000);
    expect(watch.staleness('ESH6', 99_000)).toBeNull();
  });
  it('keeps a loss that left no gap, from the edge before it to the edge after', () => {
    const watch = new FeedWatch();
    const hear = (second: number, change: Record<string, unknown>) =>
      watch.hear(parsed({ gaps: [], window_end_ts_ns: `${second}000000000`, ...change }), 0);
    hear(T, { reconnects: 3 });
    expect(watch.reconnections).toEqual([]);
    hear(T + 5, { state: 'reconnecting', reconnects: 3 });
    hear(T + 7, { state: 'reconnecting', reconnects: 3 });
    hear(T + 9, { state: 'live', reconnects: 4 });
    expect(watch.reconnections).toEqual([{ start: T + 5, end: T + 9 }]);
    const gap = { start_ts_ns: `${T + 4}900000000`, end_ts_ns: `${T + 9}100000000`, cause: 'hole' };
    hear(T + 10, { reconnects: 4, gaps: [gap] });
    expect(watch.reconnections).toEqual([]);
    watch.clear();
    expect(watch.feed).toBeNull();
  });
});

describe('snapshots that grow', () => {
  const rows = (...seconds: number[]) => {
    const empty = Object.entries(Snapshots.empty().columns);
    const zeros = empty.map(([name, column]) => [
      name,
      column instanceof Uint8Array ? new Uint8Array(seconds.length) : new Float64Array(seconds.length),
    ]);
    const columns = Object.fromEntries(zeros) as SnapshotColumns;
    return {
      ...columns,
      second: Float64Array.from(seconds),
      mid: Float64Array.from(seconds.map((second) => second * 2)),
    };
  };
  it('one second after the other, in place', () => {
    const snapshots = Snapshots.empty();
    for (let second = 100; second < 10_100; second++) snapshots.add(rows(second));
    expect([snapshots.length, snapshots.first, snapshots.last]).toEqual([10_000, 100, 10_099]);
    expect([snapshots.rowOf(5000), snapshots.columns.mid[4900], snapshots.columns.epoch.length]).toEqual([
      4900, 10_000, 10_000,
    ]);
    expect(snapshots.firstMissing(100)).toBe(10_100);
  });
  it('with what came late put where it belongs', () => {
    const snapshots = Snapshots.empty();
    snapshots.add(rows(105));
    snapshots.add(rows(106));
    expect(snapshots.firstMissing(100)).toBe(100);
    snapshots.add(rows(100, 101, 102));
    expect(snapshots.firstMissing(100)).toBe(103);
    snapshots.add(rows(102, 103, 104, 105));
    expect([...snapshots.columns.second]).toEqual([100, 101, 102, 103, 104, 105, 106]);
    expect([...snapshots.columns.mid]).toEqual([200, 202, 204, 206, 208, 210, 212]);
    snapshots.add(rows(107));
    expect(snapshots.firstMissing(100)).toBe(108);
    snapshots.add(rows());
    expect(snapshots.length).toBe(8);
  });
});

const entry = (change: Record<string, unknown> = {}) => ({
  product_type: 'future_mbo',
  symbol: 'ESH6',
  dt: 'live',
  live: true,
  date: '2026-01-06',
  first_window_end_ts_ns: `${T}000000000`,
  last_window_end_ts_ns: `${T + 60}000000000`,
  tick_int: '250000000',
  half_width_ticks: 200,
  session: '',
  source: 'simulated',
  surfaces: ['snap', 'velocity'],
  ...change,
});
const recorded = { dt: '2026-01-06', live: undefined, date: undefined };
const OVER = { live: false };

describe('choosing a live session', () => {
  const catalog = parseCatalog({
    sessions: [entry(), entry({ symbol: 'NQH6' }), entry(recorded), entry({ ...recorded, symbol: 'ESM6' })],
  });
  it('is known by the catalogue, with or without windows', () => {
    expect(catalog[0]).toMatchObject({
      dt: 'live',
      live: true,
      over: false,
      date: '2026-01-06',
      first: T,
      last: T + 60,
    });
    expect(catalog[2]).toMatchObject({ dt: '2026-01-06', live: false, date: '2026-01-06' });
    for (const none of [null, '0']) {
      const young = { first_window_end_ts_ns: none, last_window_end_ts_ns: none };
      expect(parseCatalog({ sessions: [entry(young)] })[0]).toMatchObject({ first: 0, last: 0 });
    }
  });
  it('is marked, and said with its date', () => {
    expect(sessionText(catalog[0])).toBe('● live 2026-01-06');
    expect(byKind(catalog.slice(0, 3)).map(({ kind }) => kind)).toEqual([
      'live, no options, simulated',
      'no options, simulated',
    ]);
    expect(sessionTitle(catalog[0])).toBe('ESH6 2026-01-06 live');
    expect(whyAbsent('vacuum', catalog[0])).toBe('Not made in this live session.');
  });
  it('stays what it is when it is over, but is no place to go to', () => {
    const [over] = parseCatalog({ sessions: [entry(OVER)] });
    expect(over).toMatchObject({ live: true, over: true });
    expect(sessionText(over)).toBe('□ live, over 2026-01-06');
    expect(liveNear([over], over)).toBeNull();
  });
  it('by the address, and by what is looked at', async () => {
    expect(readUrl('?symbol=ESH6&dt=live')).toMatchObject({ symbol: 'ESH6', dt: 'live' });
    expect(readUrl('?dt=alive').dt).toBeUndefined();
    expect((await sessionNamed('', catalog, { dt: 'live' })).session).toBe(catalog[0]);
    expect((await sessionNamed('', catalog, { dt: 'live', symbol: 'NQH6' })).session).toBe(catalog[1]);
    const gone = await sessionNamed('', catalog.slice(2), { dt: 'live', symbol: 'ESH6' });
    expect(gone.remark).toBe('ESH6 live is not there. This is the newest session.');
    expect(liveNear(catalog, { productType: 'future_mbo', symbol: 'NQH6' })).toBe(catalog[1]);
    expect(liveNear(catalog, catalog[3])).toBe(catalog[0]);
    expect(liveNear(catalog, { productType: 'equity_mbo', symbol: 'SPY' })).toBe(catalog[0]);
    expect(liveNear(catalog.slice(2), catalog[3])).toBeNull();
    expect(actionOf({ key: 'l', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }, 7)).toEqual({
      do: 'live',
    });
  });
});

describe('looking at the past of a live session', () => {
  it('the picture stays with what it looks at once now is out of sight', () => {
    const camera = new Camera();
    camera.resize(700, 500);
    camera.follow(100);
    camera.passed(5);
    expect(camera.back).toBe(0);
    camera.placeAt(-400, 100);
    expect((camera.left + camera.right) / 2).toBeCloseTo(-400);
    camera.passed(5);
    expect((camera.left + camera.right) / 2).toBeCloseTo(-405);
    camera.placeAt(-10, 100);
    const { back } = camera;
    camera.passed(5);
    expect(camera.back).toBe(back);
  });
  it('asks for what is not kept, but not before the session began', () => {
    const ring = new ColumnRing();
    const asked: unknown[] = [];
    const past = new Past(ring, (message) => asked.push(message));
    past.fill(T + 10, T);
    expect(asked).toEqual([{ type: 'history', request: 1, spans: [{ first: T, last: T + 9 }] }]);
    expect(past.loading).toBe(10);
    expect(past.settle(1, T + 4, T + 9)).toBe(true);
    expect(past.loading).toBe(4);
    expect(past.settle(7, T, T + 3)).toBe(false);
    past.failed(1);
    expect(past.idle).toBe(true);
  });
});

describe('the socket of a live session', () => {
  class FakeSocket {
    static readonly OPEN = 1;
    static made: FakeSocket[] = [];
    readyState = 0;
    sent: Record<string, unknown>[] = [];
    onopen: (() => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
    constructor(readonly url: string) {
      FakeSocket.made.push(this);
    }
    send(text: string) {
      this.sent.push(JSON.parse(text));
    }
    close() {}
    open() {
      this.readyState = 1;
      this.onopen?.();
    }
    lose(code = 1006) {
      this.readyState = 3;
      this.onclose?.({ code });
    }
    window(second: number) {
      this.text({ type: 'batch_start', window_end_ts_ns: `${second}000000000`, surfaces: ['snap'] });
      this.text({ type: 'surface_header', surface: 'snap' });
      this.onmessage?.({ data: new ArrayBuffer(1) });
    }
    text(message: unknown) {
      this.onmessage?.({ data: JSON.stringify(message) });
    }
    get query() {
      return Object.fromEntries(new URL(this.url).searchParams);
    }
  }
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', FakeSocket);
    FakeSocket.made = [];
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const connections: string[] = [];
  const feeds: Feed[] = [];
  const address = {
    base: 'http://127.0.0.1:1',
    productType: 'future_mbo',
    symbol: 'ESH6',
    dt: 'live',
    live: true,
    tickInt: 250_000_000,
    priceIncrementInt: 250_000_000,
    strikes: null,
  };
  function opened(at: number | null, paused = false) {
    const socket = new StreamSocket(
      { address, at, speed: 1, paused, surfaces: [] },
      {
        connection: (connection) => connections.push(connection),
        frame: () => {},
        state: () => {},
        feed: (feed) => feeds.push(feed),
        problem: () => {},
      },
    );
    FakeSocket.made[0].open();
    return socket;
  }
  const newest = () => FakeSocket.made.at(-1) as FakeSocket;
  const ALL = ['snap', 'velocity', 'options', 'forecast', 'book_snapshot'];

  it('starts at the edge, and becomes one that may be steered without leaving it', () => {
    const socket = opened(null);
    expect(newest().query).toMatchObject({ dt: 'live', surfaces: ALL.join() });
    expect(Object.keys(newest().query)).toEqual(['product_type', 'symbol', 'dt', 'speed', 'surfaces']);
    expect(newest().sent).toEqual([{ type: 'surfaces', surfaces: ALL }]);
    newest().text(feedJson());
    expect(feeds.at(-1)).toMatchObject({ edge: T });
    socket.close();
  });
  it('goes on after a short break with the window after the last, after a long one at the edge', () => {
    const socket = opened(null);
    newest().window(T);
    newest().lose();
    expect(connections.at(-1)).toBe('reconnecting');
    vi.advanceTimersByTime(300);
    expect(newest().query.after_window_end_ts_ns).toBe(`${T}000000000`);
    newest().open();
    newest().window(T + 1);
    vi.advanceTimersByTime(1000);
    newest().lose();
    for (let i = 0; i < 30; i++) {
      vi.advanceTimersByTime(4000);
      if (newest().readyState === 0) newest().lose();
    }
    expect(newest().query.after_window_end_ts_ns).toBeUndefined();
    socket.close();
  });
  it('is put back where it was in the past, paused or not', () => {
    const socket = opened(T, true);
    expect(newest().query.after_window_end_ts_ns).toBe(`${T - 1}000000000`);
    expect(newest().sent).toEqual([{ type: 'pause' }, { type: 'seek', window_end_ts_ns: `${T}000000000` }]);
    newest().window(T);
    socket.send({ type: 'resume' });
    newest().lose();
    vi.advanceTimersByTime(300);
    newest().open();
    expect(newest().sent).toEqual([
      { type: 'speed', speed: 1 },
      { type: 'seek', window_end_ts_ns: `${T}000000000` },
    ]);
    socket.send({ type: 'live' });
    newest().lose();
    vi.advanceTimersByTime(300);
    newest().open();
    expect(newest().sent).toEqual([{ type: 'surfaces', surfaces: ALL }]);
    socket.close();
  });
  it('notices silence though it is paused, and at once when it is woken', () => {
    const socket = opened(T, true);
    vi.advanceTimersByTime(5000);
    newest().text(feedJson());
    vi.advanceTimersByTime(5000);
    expect(FakeSocket.made).toHaveLength(1);
    vi.setSystemTime(Date.now() + 60_000);
    socket.wake();
    expect(connections.at(-1)).toBe('reconnecting');
    socket.wake();
    expect(FakeSocket.made).toHaveLength(2);
    socket.close();
  });
  it('does not try again what the server refused', () => {
    const socket = opened(null);
    newest().text({ type: 'error', message: 'no live session' });
    newest().lose(1011);
    expect(connections.at(-1)).toBe('refused');
    socket.wake();
    expect(FakeSocket.made).toHaveLength(1);
    socket.close();
  });
});
