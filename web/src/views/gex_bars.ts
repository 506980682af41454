// The profile of gamma exposure: a row a listed strike at its price; puts to the left, calls to the right, and over them calls less
// puts, narrower and whole.
import { gexHue } from '../layers/gex_colours';
import type { Look } from '../layers/layer';
import type { Camera } from '../model/camera';
import { roundEnd } from '../model/dollars';
import type { GexColumn } from '../model/surface_columns';

/** Highest a bar is, in CSS pixels, and least left free between two. */
const HIGHEST = 18;
const GAP = 2;
const EDGE = 4;

export interface BarsStyle {
  ground: string;
  zero: string;
  now: string;
}

const rgba = ([r, g, b]: readonly number[], alpha: number): string =>
  `rgba(${Math.round(r * 255)}, ${Math.round(g * 255)}, ${Math.round(b * 255)}, ${alpha})`;

/** Value at either edge: a round one that all visible strikes are within. */
export function barsEnd({ strikePriceInt, call, put }: GexColumn, camera: Camera, tickInt: number): number {
  let most = 0;
  for (let i = 0; i < strikePriceInt.length; i++) {
    const tick = strikePriceInt[i] / tickInt;
    if (tick < camera.bottom || tick > camera.top) continue;
    most = Math.max(most, call[i], put[i]);
  }
  return roundEnd(most);
}

/** Height of a bar in CSS pixels. */
export function barHeight({ strikePriceInt }: GexColumn, camera: Camera, tickInt: number): number {
  let step = Number.POSITIVE_INFINITY;
  for (let i = 1; i < strikePriceInt.length; i++) step = Math.min(step, strikePriceInt[i] - strikePriceInt[i - 1]);
  const pixels = step / tickInt / camera.ticksPerPixel;
  return Math.max(1, Math.min(HIGHEST, pixels - GAP));
}

/** Draws the bars of a second; null: nothing but the ground. `chosen`: the strike that is read, -1 for none. */
export function drawGexBars(
  canvas: HTMLCanvasElement,
  column: GexColumn | null,
  { camera, tickInt, dpr }: { camera: Camera; tickInt: number; dpr: number },
  { safe, light }: Look,
  style: BarsStyle,
  chosen: number,
): void {
  const [width, height] = [Math.round(canvas.clientWidth * dpr), Math.round(canvas.clientHeight * dpr)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || width === 0) return;
  context.fillStyle = style.ground;
  context.fillRect(0, 0, width, height);
  const zero = Math.round(width / 2);
  context.fillStyle = style.zero;
  context.fillRect(zero, 0, Math.max(1, Math.round(dpr)), height);
  if (!column) return;
  const end = barsEnd(column, camera, tickInt);
  const reach = width / 2 - EDGE * dpr;
  const tall = barHeight(column, camera, tickInt) * dpr;
  const bar = (y: number, from: number, to: number, high: number, colour: string) => {
    context.fillStyle = colour;
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    context.fillRect(zero + (left / end) * reach, y - high / 2, ((right - left) / end) * reach, high);
  };
  const [call, put] = [gexHue('call', safe, light), gexHue('put', safe, light)];
  for (let i = 0; i < column.strikePriceInt.length; i++) {
    const y = camera.pixelOfTick(column.strikePriceInt[i] / tickInt) * dpr;
    if (y < -tall || y > height + tall) continue;
    if (i === chosen) {
      context.fillStyle = style.now;
      context.fillRect(0, y - tall / 2 - dpr, width, tall + 2 * dpr);
    }
    bar(y, 0, column.call[i], tall, rgba(call, 0.38));
    bar(y, -column.put[i], 0, tall, rgba(put, 0.38));
    bar(y, 0, column.net[i], Math.max(dpr, tall * 0.45), rgba(column.net[i] > 0 ? call : put, 1));
  }
}
