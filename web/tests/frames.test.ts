import { describe, expect, it } from 'vitest';
import { parseCatalog, parseFlow } from '../src/wire/catalog';
import { SURFACES } from '../src/wire/contract';
import { type Frame, FrameAssembler } from '../src/wire/frames';
import { pieces } from '../src/wire/history';
import { parseMessage } from '../src/wire/protocol';
import { reconnectDelay } from '../src/wire/stream_socket';

const start = (second: number) =>
  parseMessage(JSON.stringify({ type: 'batch_start', window_end_ts_ns: `${second}000000000`, surfaces: SURFACES }));
const header = (surface: string) => parseMessage(JSON.stringify({ type: 'surface_header', surface }));

function assembler() {
  const frames: Frame[] = [];
  const states: unknown[] = [];
  const made = new FrameAssembler({
    frame: (f) => frames.push(f),
    state: (s) => states.push(s),
    feed: () => {},
    error: () => {},
  });
  const send = (second: number) => {
    made.text(start(second));
    SURFACES.forEach((surface, i) => {
      made.text(header(surface));
      made.binary(new ArrayBuffer(i + 1));
    });
  };
  return { made, frames, states, send };
}

describe('nine messages make a window', () => {
  it('delivers a window once all four surfaces are there, each under its name', () => {
    const { frames, send } = assembler();
    send(100);
    send(101);
    expect(frames.map((frame) => frame.second)).toEqual([100, 101]);
    expect([...frames[0].surfaces].map(([name, bytes]) => [name, bytes.byteLength])).toEqual(
      SURFACES.map((name, i) => [name, i + 1]),
    );
  });

  it('lets a state message pass between the pieces of a window', () => {
    const { made, frames, states } = assembler();
    made.text(start(5));
    for (const surface of SURFACES) {
      made.text(header(surface));
      made.text(
        parseMessage(
          '{"type":"state","playing":true,"speed":2,"window_end_ts_ns":null,"ended":false,"dropped_windows":3}',
        ),
      );
      made.binary(new ArrayBuffer(1));
    }
    expect(frames).toHaveLength(1);
    expect(states[0]).toEqual({ playing: true, speed: 2, second: null, ended: false, droppedWindows: 3, live: false });
  });

  it('drops a broken window whole and goes on with the next', () => {
    const { made, frames, send } = assembler();
    made.text(start(1));
    expect(() => made.binary(new ArrayBuffer(1))).toThrow(/without a header/);
    expect(() => made.text(header('snap'))).toThrow(/out of place/);
    send(2);
    made.text(start(3));
    expect(() => made.text(start(4))).toThrow(/window 3 was not finished/);
    for (const surface of SURFACES) {
      made.text(header(surface));
      made.binary(new ArrayBuffer(1));
    }
    expect(frames.map((frame) => frame.second)).toEqual([2, 4]);
  });
});

describe('text messages', () => {
  it('refuses what it does not know', () => {
    expect(() => parseMessage('not json')).toThrow(/not JSON/);
    expect(() => parseMessage('{"type":"greeting"}')).toThrow(/greeting/);
    expect(() => parseMessage('{"type":"surface_header","surface":"weather"}')).toThrow(/weather/);
    expect(() => parseMessage('{"type":"batch_start","window_end_ts_ns":17,"surfaces":[]}')).toThrow(/decimal string/);
  });

  it('keeps a stamp beyond 2^53 exact', () => {
    expect(start(1_703_547_307)).toMatchObject({ second: 1_703_547_307 });
    expect(() => parseMessage('{"type":"batch_start","window_end_ts_ns":"1703547307000000001","surfaces":[]}')).toThrow(
      /whole second/,
    );
  });
});

describe('asking', () => {
  it('waits longer each time, up to four seconds', () => {
    expect([0, 1, 2, 3, 4, 9].map(reconnectDelay)).toEqual([250, 500, 1000, 2000, 4000, 4000]);
  });

  it('asks for the past in pieces, newest first, without gap or overlap', () => {
    const spans = pieces([{ first: 100, last: 700 }]);
    expect(spans[0].last).toBe(700);
    expect(spans.at(-1)?.first).toBe(100);
    for (let i = 1; i < spans.length; i++) expect(spans[i].last).toBe(spans[i - 1].first - 1);
    expect(pieces([])).toEqual([]);
  });

  it('asks for little at first, so that what is visible is there soon', () => {
    const sizes = pieces([{ first: 1, last: 600 }]).map(({ first, last }) => last - first + 1);
    expect(sizes).toEqual([30, 60, 120, 120, 120, 120, 30]);
    const apart = pieces([
      { first: 500, last: 510 },
      { first: 100, last: 200 },
    ]);
    expect(apart).toEqual([
      { first: 500, last: 510 },
      { first: 141, last: 200 },
      { first: 100, last: 140 },
    ]);
  });

  it('reads catalogue and flow, and names what is wrong with them', () => {
    const entry = {
      product_type: 'future_mbo',
      symbol: 'ESH4',
      dt: '2023-12-25',
      first_window_end_ts_ns: '1703545200000000000',
      last_window_end_ts_ns: '1703548800000000000',
      tick_int: '250000000',
      half_width_ticks: 200,
    };
    expect(parseCatalog({ sessions: [entry] })[0]).toMatchObject({
      symbol: 'ESH4',
      first: 1_703_545_200,
      last: 1_703_548_800,
      tickInt: 250_000_000,
    });
    expect(() => parseCatalog({ sessions: [{ ...entry, tick_int: 'x' }] })).toThrow(/tick_int/);
    expect(() => parseCatalog({})).toThrow(/no list/);
    const options = {
      product_type: 'future_option_mbo',
      tick_int: '250000000',
      half_width_ticks: 200,
      step_ticks: 20,
      window_count: 601,
      fresh: true,
    };
    const spy = {
      ...entry,
      product_type: 'equity_mbo',
      symbol: 'SPY',
      tick_int: '500000000',
      price_increment_int: '10000000',
      half_width_ticks: 100,
      options: null,
    };
    const sessions = parseCatalog({
      sessions: [{ ...entry, options }, spy, { ...entry, product_type: 'weather' }],
    });
    expect(sessions.map(({ productType, symbol }) => [productType, symbol])).toEqual([
      ['future_mbo', 'ESH4'],
      ['equity_mbo', 'SPY'],
    ]);
    expect(sessions[0].options).toEqual({
      productType: 'future_option_mbo',
      stepTicks: 20,
      halfWidthTicks: 200,
      windowCount: 601,
      fresh: true,
    });
    expect(sessions[1]).toMatchObject({ tickInt: 500_000_000, priceIncrementInt: 10_000_000, options: null });
    expect(() => parseCatalog({ sessions: [{ ...entry, options: { ...options, tick_int: '1' } }] })).toThrow(
      /options.tick_int/,
    );
    expect(() => parseCatalog({ sessions: [{ ...entry, options: { ...options, step_ticks: 0 } }] })).toThrow(
      /step_ticks/,
    );
    const side = { added: 3, pulled: 2, filled: 1 };
    expect(parseFlow({ window_count: 4, trade_count: 9, sides: { A: side, B: side } })).toMatchObject({
      windows: 4,
      trades: 9,
      ask: side,
    });
    expect(() => parseFlow({ sides: { A: side } })).toThrow(/added/);
  });
});
