// Small series under the grid, on the same time axis: run scores, spread, events and trades a second. Each draws only what is visible.
import type { Camera } from '../model/camera';
import type { Scores } from '../model/forecast';
import type { Snapshots } from '../model/snapshots';

/** What a series reads. */
export interface SeriesData {
  snapshots: Snapshots;
  scoresAt(second: number): Scores | null;
  /** Ticks are those of the market, not rows of the picture. */
  priceIncrementInt: number;
}

type SeriesValue = (data: SeriesData, second: number) => number | null;

export interface SmallSeries {
  id: string;
  name: string;
  unit: string;
  /** On hover; what is not said by name and unit. */
  sentence?: string;
  /** Bars from the bottom, or two lines around zero, the upward one first. */
  form: { bars: SeriesValue } | { up: SeriesValue; down: SeriesValue };
  /** Top of the scale at least; an idle series is flat, not noise. */
  least: number;
}

const snapshotValue =
  (value: (snapshots: Snapshots, row: number, data: SeriesData) => number | null): SeriesValue =>
  (data, second) => {
    const row = data.snapshots.rowOf(second);
    return row < 0 ? null : value(data.snapshots, row, data);
  };

export const SERIES: readonly SmallSeries[] = [
  {
    id: 'runs',
    name: 'Run scores',
    unit: '1/s',
    sentence:
      'How easily price may run: liquidity that erodes before the first wall, less how that wall is being built. ▲ up, ▼ down; below the middle the wall grows faster than the way opens.',
    form: {
      up: ({ scoresAt }, second) => scoresAt(second)?.up ?? null,
      down: ({ scoresAt }, second) => scoresAt(second)?.down ?? null,
    },
    least: 0.05,
  },
  {
    id: 'spread',
    name: 'Spread',
    unit: 'ticks',
    form: {
      bars: snapshotValue(({ columns: c }, row, { priceIncrementInt }) =>
        c.bookValid[row] && c.bidPriceInt[row] > 0 && c.askPriceInt[row] > 0
          ? (c.askPriceInt[row] - c.bidPriceInt[row]) / priceIncrementInt
          : null,
      ),
    },
    least: 1,
  },
  {
    id: 'events',
    name: 'Events',
    unit: '1/s',
    form: { bars: snapshotValue(({ columns: c }, row) => c.recordCount[row]) },
    least: 1,
  },
  {
    id: 'trades',
    name: 'Trades',
    unit: '1/s',
    form: { bars: snapshotValue(({ columns: c }, row) => c.tradeCount[row]) },
    least: 1,
  },
];

export interface StripStyle {
  bar: string;
  up: string;
  down: string;
  zero: string;
  ground: string;
  now: string;
}

interface Strip {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  dpr: number;
  camera: Camera;
  style: StripStyle;
}

/** Values of the visible seconds up to now; the first is of second `now + from`. */
interface Seen {
  from: number;
  values: (number | null)[];
}

function seen(value: SeriesValue, data: SeriesData, now: number, camera: Camera): Seen {
  const first = Math.max(data.snapshots.first, Math.floor(now + camera.left));
  const last = Math.min(now, Math.ceil(now + camera.right));
  const values: (number | null)[] = [];
  for (let second = first; second <= last; second++) values.push(value(data, second));
  return { from: first - now, values };
}

function largest(least: number, ...seen: Seen[]): number {
  let top = least;
  for (const { values } of seen) for (const value of values) top = Math.max(top, Math.abs(value ?? 0));
  return top;
}

function drawBars({ context, height, dpr, camera, style }: Strip, { from, values }: Seen, top: number): void {
  const bar = Math.max(1, dpr / camera.secondsPerPixel - (camera.secondsPerPixel < 0.3 ? dpr : 0));
  context.fillStyle = style.bar;
  values.forEach((value, i) => {
    if (value === null || value <= 0) return;
    const x = camera.pixelOfX(from + i - 1) * dpr;
    const tall = Math.max(dpr, (value / top) * (height - 2 * dpr));
    context.fillRect(x, height - tall, bar, tall);
  });
}

/** A level a second, joined to the next; broken where there is no value. */
function drawLine({ context, height, dpr, camera }: Strip, { from, values }: Seen, top: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.25 * dpr;
  context.beginPath();
  let broken = true;
  values.forEach((value, i) => {
    if (value !== null) {
      const y = height / 2 - (value / top) * (height / 2 - 1.5 * dpr);
      const x = camera.pixelOfX(from + i - 1) * dpr;
      if (broken) context.moveTo(x, y);
      else context.lineTo(x, y);
      context.lineTo(camera.pixelOfX(from + i) * dpr, y);
    }
    broken = value === null;
  });
  context.stroke();
}

/** Draws one series, a second as wide as in the picture; returns the value at the top of its scale. */
export function drawSeries(
  canvas: HTMLCanvasElement,
  { form, least }: SmallSeries,
  data: SeriesData,
  now: number,
  camera: Camera,
  dpr: number,
  style: StripStyle,
): number {
  const [width, height] = [Math.round(canvas.clientWidth * dpr), Math.round(canvas.clientHeight * dpr)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || width === 0) return least;
  context.fillStyle = style.ground;
  context.fillRect(0, 0, width, height);
  const strip = { context, width, height, dpr, camera, style };
  let top: number;
  if ('bars' in form) {
    const bars = seen(form.bars, data, now, camera);
    top = largest(least, bars);
    drawBars(strip, bars, top);
  } else {
    const [up, down] = [form.up, form.down].map((value) => seen(value, data, now, camera));
    top = largest(least, up, down);
    context.fillStyle = style.zero;
    context.fillRect(0, Math.round(height / 2), width, Math.max(1, Math.round(dpr)));
    drawLine(strip, down, top, style.down);
    drawLine(strip, up, top, style.up);
  }
  context.fillStyle = style.now;
  context.fillRect(camera.pixelOfX(0) * dpr, 0, dpr, height);
  return top;
}
