import { describe, expect, it } from 'vitest';
import { Camera } from '../src/model/camera';
import type { Scores } from '../src/model/forecast';
import { Snapshots } from '../src/model/snapshots';
import { drawSeries, SERIES, type SeriesData } from '../src/views/series_strip';

const NOW = 1000;
const STYLE = { bar: 'bar', up: 'up', down: 'down', zero: 'zero', ground: 'ground', now: 'now' };
const series = (id: string) => SERIES.find((found) => found.id === id)!;

/** Scores of the seconds up to now; one of them has none. */
function data(scores: (second: number) => Partial<Scores> | null): SeriesData {
  const seconds = Float64Array.from({ length: 100 }, (_, i) => NOW - 99 + i);
  const some = (value: number) => new Float64Array(100).fill(value);
  const columns = { ...Snapshots.empty().columns, second: seconds, recordCount: some(40), bidPriceInt: some(100) };
  const valid = Uint8Array.from(seconds, (second) => (second === NOW - 3 ? 0 : 1));
  return {
    snapshots: new Snapshots({ ...columns, askPriceInt: some(150), bookValid: valid }),
    scoresAt: (second) => scores(second) as Scores | null,
    priceIncrementInt: 25,
  };
}

/** What is drawn on a strip of 100 by 40, as the calls that drew it. */
function drawn(id: string, of: SeriesData): { top: number; calls: string[] } {
  const calls: string[] = [];
  const context = {
    strokeStyle: '',
    fillStyle: '',
    lineWidth: 1,
    fillRect: (...at: number[]) => calls.push(`${context.fillStyle} ${at.map(Math.round).join()}`),
    beginPath: () => {},
    moveTo: (x: number, y: number) => calls.push(`${context.strokeStyle} from ${Math.round(x)},${Math.round(y)}`),
    lineTo: (x: number, y: number) => calls.push(`${context.strokeStyle} to ${Math.round(x)},${Math.round(y)}`),
    stroke: () => {},
  };
  const canvas = { clientWidth: 100, clientHeight: 40, width: 0, height: 0, getContext: () => context };
  const camera = new Camera();
  // A second is ten pixels wide; now stands at 70.
  camera.resize(100, 1000);
  const top = drawSeries(canvas as unknown as HTMLCanvasElement, series(id), of, NOW, camera, 1, STYLE);
  return { top, calls };
}

describe('small series', () => {
  it('of the run scores are two lines around zero, on one scale', () => {
    const { top, calls } = drawn(
      'runs',
      data(() => ({ up: 0.5, down: -1 })),
    );
    expect(top).toBe(1);
    expect(calls).toContain('zero 0,20,100,1');
    const heights = (line: string) =>
      new Set(calls.filter((call) => call.startsWith(`${line} `)).map((call) => call.split(',').at(-1)));
    // Half of the scale up, all of it down, a pixel and a half short of the edges.
    expect([...heights('up')]).toEqual(['11']);
    expect([...heights('down')]).toEqual(['39']);
  });

  it('are broken where a second has no scores, and end at now', () => {
    const { calls } = drawn(
      'runs',
      data((second) => (second === NOW - 3 ? null : { up: 0.1, down: 0.2 })),
    );
    const starts = calls.filter((call) => call.startsWith('up from'));
    expect(starts).toHaveLength(2);
    // The missing second covers (now - 4, now - 3]: 30 to 40.
    expect(starts[1]).toContain('up from 40,');
    expect(calls.filter((call) => call.startsWith('up to')).at(-1)).toContain('up to 70,');
    expect(calls.some((call) => call.startsWith('up to 30,'))).toBe(true);
  });

  it('that are idle are flat, not noise', () => {
    expect(
      drawn(
        'runs',
        data(() => ({ up: 0, down: 1e-6 })),
      ).top,
    ).toBe(0.05);
    expect(
      drawn(
        'runs',
        data(() => null),
      ).calls.filter((call) => /^(up|down)/.test(call)),
    ).toEqual([]);
  });

  it('of spread and events are bars; an invalid second has no spread', () => {
    const of = data(() => null);
    expect(drawn('spread', of).top).toBe(2);
    expect(drawn('events', of).top).toBe(40);
    const bars = (id: string) => drawn(id, of).calls.filter((call) => call.startsWith('bar')).length;
    expect(bars('events') - bars('spread')).toBe(1);
  });
});
