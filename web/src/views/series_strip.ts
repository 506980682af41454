// Small series under the grid, on the same time axis: spread, events a second, trades. Each draws only what is visible.
import type { Camera } from '../model/camera';
import type { Snapshots } from '../model/snapshots';

export interface SmallSeries {
  id: string;
  name: string;
  unit: string;
  /** Value of a row of the snapshots; null where it has none. Ticks are those of the market, not rows of the picture. */
  value(snapshots: Snapshots, row: number, priceIncrementInt: number): number | null;
}

export const SERIES: readonly SmallSeries[] = [
  {
    id: 'spread',
    name: 'Spread',
    unit: 'ticks',
    value: ({ columns: c }, row, priceIncrementInt) =>
      c.bookValid[row] && c.bidPriceInt[row] > 0 && c.askPriceInt[row] > 0
        ? (c.askPriceInt[row] - c.bidPriceInt[row]) / priceIncrementInt
        : null,
  },
  { id: 'events', name: 'Events', unit: '1/s', value: ({ columns: c }, row) => c.recordCount[row] },
  { id: 'trades', name: 'Trades', unit: '1/s', value: ({ columns: c }, row) => c.tradeCount[row] },
];

export interface StripStyle {
  bar: string;
  ground: string;
  now: string;
}

/** Largest of the visible values, for the scale; at least 1 so that an idle series is flat, not noise. */
function largest(values: (number | null)[]): number {
  let top = 1;
  for (const value of values) if (value !== null && value > top) top = value;
  return top;
}

/** Draws one series as bars a second wide; returns the value at the top of its scale. */
export function drawSeries(
  canvas: HTMLCanvasElement,
  series: SmallSeries,
  data: { snapshots: Snapshots; now: number; priceIncrementInt: number },
  camera: Camera,
  dpr: number,
  style: StripStyle,
): number {
  const { snapshots, now, priceIncrementInt } = data;
  const [width, height] = [Math.round(canvas.clientWidth * dpr), Math.round(canvas.clientHeight * dpr)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context || width === 0) return 1;
  context.fillStyle = style.ground;
  context.fillRect(0, 0, width, height);
  const first = Math.max(snapshots.first, Math.floor(now + camera.left));
  const last = Math.min(now, Math.ceil(now + camera.right), snapshots.last);
  const values: (number | null)[] = [];
  for (let second = first; second <= last; second++) {
    const row = snapshots.rowOf(second);
    values.push(row < 0 ? null : series.value(snapshots, row, priceIncrementInt));
  }
  const top = largest(values);
  const bar = Math.max(1, dpr / camera.secondsPerPixel - (camera.secondsPerPixel < 0.3 ? dpr : 0));
  context.fillStyle = style.bar;
  values.forEach((value, i) => {
    if (value === null || value <= 0) return;
    const x = camera.pixelOfX(first + i - now - 1) * dpr;
    const tall = Math.max(dpr, (value / top) * (height - 2 * dpr));
    context.fillRect(x, height - tall, bar, tall);
  });
  context.fillStyle = style.now;
  context.fillRect(camera.pixelOfX(0) * dpr, 0, dpr, height);
  return top;
}
