import { describe, expect, it } from 'vitest';
import { Camera } from '../src/model/camera';
import { chooseSide } from '../src/model/combine';
import { COLUMN_SIZE, cellIndex, isMissing, MAX_REL_TICKS, RING_COLUMNS } from '../src/model/grid';
import { readPreferences, writePreferences } from '../src/model/preferences';
import { ColumnRing } from '../src/model/ring';
import { ANOMALY, CROSSED, INVALID, KNOWN, LATE, NEW_EPOCH, qualityWords, Snapshots } from '../src/model/snapshots';
import { readUrl, writeUrl } from '../src/model/url_state';

describe('side of a cell (D-14)', () => {
  const row = (rho: number, omega = 0) => ({ rho, omega });
  it('asks above, bids below', () => {
    expect(chooseSide(1, row(1), row(1))).toBe('A');
    expect(chooseSide(-1, row(1), row(1))).toBe('B');
    expect(chooseSide(7, row(0), row(0))).toBe('A');
  });
  it('the stronger obstacle at spot', () => {
    expect(chooseSide(0, row(1, 2), row(1, 1))).toBe('A');
    expect(chooseSide(0, row(1, 1), row(1, 2))).toBe('B');
  });
  it('the other side where the preferred one is empty', () => {
    expect(chooseSide(1, row(0), row(0.1))).toBe('B');
    expect(chooseSide(-1, row(0.1), row(0))).toBe('A');
    expect(chooseSide(0, row(0, 5), row(1, 1))).toBe('B');
  });
});

describe('ring', () => {
  const column = (value: number) => new Float32Array(COLUMN_SIZE).fill(value);
  it('keeps half an hour and forgets what is older', () => {
    const ring = new ColumnRing();
    for (let second = 1; second <= RING_COLUMNS + 5; second++) ring.write(second, 100, column(second), second);
    expect(ring.has(5)).toBe(false);
    expect(ring.has(6)).toBe(true);
    expect(ring.column(RING_COLUMNS + 5)?.[0]).toBe(RING_COLUMNS + 5);
    expect(ring.column(5)).toBeNull();
  });
  it('does not let history overwrite what is newer, but lets a step back do so', () => {
    const ring = new ColumnRing();
    ring.write(2000, 100, column(1), 2000);
    expect(ring.write(200, 100, column(2), 2000)).toBe(false);
    expect(ring.has(2000)).toBe(true);
    expect(ring.write(200, 100, column(2), 210)).toBe(true);
    expect(ring.has(2000)).toBe(false);
  });
  it('places each column at its own spot', () => {
    const ring = new ColumnRing();
    const one = column(0);
    one[cellIndex(0, 3)] = 0.5;
    ring.write(10, 1000, one, 10);
    ring.write(11, 1001, one, 11);
    expect(ring.value(10, 1003, 0)).toBe(0.5);
    expect(ring.value(11, 1003, 0)).toBe(0);
    expect(ring.value(11, 1004, 0)).toBe(0.5);
    expect(isMissing(ring.value(11, 1001 + MAX_REL_TICKS + 1, 0))).toBe(true);
    expect(isMissing(ring.value(12, 1004, 0))).toBe(true);
  });
  it('names the spans it lacks', () => {
    const ring = new ColumnRing();
    for (const second of [3, 4, 7]) ring.write(second, 1, column(0), second);
    expect(ring.missing(1, 9)).toEqual([
      { first: 1, last: 2 },
      { first: 5, last: 6 },
      { first: 8, last: 9 },
    ]);
    expect(ring.missing(3, 4)).toEqual([]);
  });
});

describe('camera of a bucketed grid', () => {
  it('starts near enough to see a dollar move, and may show the whole grid', () => {
    const c = new Camera();
    c.resize(1000, 600);
    c.setGrid({ halfWidthTicks: 100, bucketed: true });
    expect(c.visibleTicks).toBeCloseTo(12);
    expect(c.zoomTime).toBe(1);
    c.setZoom(1, 0.01);
    expect(c.visibleTicks).toBeCloseTo(200);
    c.setZoom(1, 1000);
    expect(c.visibleTicks).toBeCloseTo(3);
  });
  it('keeps the zoom between sessions of one kind, and starts anew on another', () => {
    const c = new Camera();
    const [future, equity] = [
      { halfWidthTicks: 200, bucketed: false },
      { halfWidthTicks: 100, bucketed: true },
    ];
    c.setGrid(future);
    expect(c.zoomPrice).toBe(1);
    c.setZoom(2, 2);
    c.setGrid(future);
    expect(c.zoomPrice).toBe(2);
    c.setGrid(equity);
    expect(c.visibleTicks).toBeCloseTo(12);
    c.setGrid(future);
    expect([c.zoomTime, c.zoomPrice]).toEqual([1, 1]);
  });
});

describe('camera', () => {
  const camera = () => {
    const made = new Camera();
    made.resize(1000, 500);
    made.follow(20_000);
    return made;
  };
  it('shows a hundred ticks at zoom 1, now at 70 %, a second as wide as a tick is high', () => {
    const c = camera();
    expect(c.top - c.bottom).toBeCloseTo(100);
    expect(c.pixelOfX(0)).toBeCloseTo(700);
    expect(c.secondsPerPixel).toBeCloseTo(c.ticksPerPixel);
    expect(c.pixelOfTick(20_000)).toBeCloseTo(250);
  });
  it('keeps the tick under the pointer when zooming, and both axes when not following', () => {
    const c = camera();
    const tick = c.tickOfPixel(100);
    c.zoomAt(300, 100, 1.1, 'both');
    expect(c.tickOfPixel(100)).toBeCloseTo(tick);
    expect(c.pixelOfX(0)).toBeCloseTo(700);
    c.pan(40, 10);
    const [x, y] = [c.xOfPixel(300), c.tickOfPixel(100)];
    c.zoomAt(300, 100, 1.1, 'both');
    expect(c.xOfPixel(300)).toBeCloseTo(x);
    expect(c.tickOfPixel(100)).toBeCloseTo(y);
  });
  it('zooms one axis alone, within its limits', () => {
    const c = camera();
    c.zoomAt(300, 100, 1.1, 'time');
    expect([c.zoomTime, c.zoomPrice]).toEqual([1.1, 1]);
    c.zoomAt(300, 100, 0.9, 'price');
    expect([c.zoomTime, c.zoomPrice]).toEqual([1.1, 0.9]);
    for (let i = 0; i < 100; i++) c.zoomAt(300, 100, 1.1, 'both');
    expect([c.zoomTime, c.zoomPrice]).toEqual([4, 4]);
    for (let i = 0; i < 100; i++) c.zoomAt(300, 100, 0.9, 'price');
    expect(c.zoomPrice).toBe(0.25);
  });
  it('follows spot with a calm middle, and stops following when dragged', () => {
    const c = camera();
    c.spotMoved(20_005);
    expect(c.glide()).toBe(false);
    c.spotMoved(20_040);
    while (c.glide());
    expect(Math.abs(c.centreTick - 20_040)).toBeLessThan(25);
    c.pan(10, 0);
    c.spotMoved(20_400);
    while (c.glide());
    expect(c.centreTick).toBeLessThan(20_100);
    c.follow(20_400);
    expect([c.centreTick, c.back, c.following]).toEqual([20_400, 0, true]);
  });
});

describe('quality of a second', () => {
  const numbers = (...values: number[]) => Float64Array.from(values);
  const base = Snapshots.empty().columns;
  const snapshots = new Snapshots({
    ...base,
    second: numbers(10, 11, 12, 14),
    mid: numbers(0, 4810, 4811, 4812),
    bookValid: Uint8Array.from([1, 0, 1, 1]),
    crossed: Uint8Array.from([0, 0, 1, 0]),
    epoch: numbers(1, 1, 2, 2),
    lateCount: numbers(0, 0, 2, 0),
    anomalyCount: numbers(0, 0, 1, 0),
  });
  it('as bits and in words', () => {
    expect([10, 11, 12, 13, 14].map((second) => snapshots.quality(second))).toEqual([
      KNOWN,
      KNOWN | INVALID,
      KNOWN | NEW_EPOCH | CROSSED | LATE | ANOMALY,
      0,
      KNOWN,
    ]);
    expect(qualityWords(snapshots, 10)).toEqual([]);
    expect(qualityWords(snapshots, 11).join()).toContain('invalid');
    expect(qualityWords(snapshots, 12)).toHaveLength(4);
    expect(qualityWords(snapshots, 12)).toContain('2 late records');
    expect(qualityWords(snapshots, 13)).toEqual(['no data for this second']);
    expect(snapshots.firstMid()).toBe(4810);
  });
});

describe('address', () => {
  it('comes back as it went', () => {
    const seen = {
      product: 'future_mbo',
      symbol: 'ESH4',
      dt: '2023-12-25',
      second: 1_703_547_307,
      field: 'energy',
      scale: 'view' as const,
      options: false,
      forecast: true,
      zoomTime: 0.5,
      zoomPrice: 2,
      speed: 10,
      paused: true,
      centrePrice: 4810.25,
      back: 120.5,
    };
    expect(readUrl(writeUrl(seen))).toEqual(seen);
    expect(writeUrl(seen)).toContain('t=2023-12-25T23:35:07Z');
  });
  it('leaves out what makes no sense', () => {
    expect(
      readUrl(
        '?product=a/b&options=maybe&forecast=2&symbol=../etc&dt=tomorrow&t=noon&field=<b>&scale=log&zoom=x,y&speed=-1&paused=no&price=&back=NaN',
      ),
    ).toEqual({});
    expect(readUrl('')).toEqual({});
  });
});

describe('preferences', () => {
  it('survive broken storage', () => {
    let stored = '';
    const storage = {
      getItem: () => stored,
      setItem: (_: string, value: string) => {
        stored = value;
      },
    };
    writePreferences(storage, {
      palette: 'safe',
      theme: 'light',
      folded: ['trades'],
      radarFolded: [],
      scales: { obstacle: 'fixed' },
      shown: { options: false, forecast: false, gex: false, bands: true, radar: true },
    });
    expect(readPreferences(storage)).toEqual({
      palette: 'safe',
      theme: 'light',
      folded: ['trades'],
      radarFolded: [],
      scales: { obstacle: 'fixed' },
      shown: { options: false, forecast: false, gex: false, bands: true, radar: true },
    });
    stored = '{"scales":{"velocity":"log","obstacle":"view"}}';
    expect(readPreferences(storage).scales).toEqual({ obstacle: 'view' });
    stored = '{broken';
    expect(readPreferences(storage)).toEqual({
      palette: 'specified',
      theme: 'dark',
      folded: [],
      radarFolded: ['up'],
      scales: {},
      shown: { options: true, forecast: true, gex: true, bands: false, radar: false },
    });
  });
});
