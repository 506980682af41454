// A small series of the last seconds: a level a second, broken where there is none, hatched where the second cannot be trusted.

export interface Spark {
  now: number;
  seconds: number;
  /** Null: not there, or not to be trusted. */
  value(second: number): number | null;
  /** Ends of the scale at least; they grow with what is shown. */
  least: number;
  most: number;
  /** A second that is there and cannot be trusted. */
  untrusted?(second: number): boolean;
}

export interface SparkStyle {
  line: string;
  zero: string;
  ground: string;
  hatch: string;
}

/** Returns the values at the ends of the scale. */
export function drawSparkline(
  canvas: HTMLCanvasElement,
  { now, seconds, value, least, most, untrusted }: Spark,
  style: SparkStyle,
  dpr: number,
): readonly [number, number] {
  const [width, height] = [Math.round(canvas.clientWidth * dpr), Math.round(canvas.clientHeight * dpr)];
  const values: (number | null)[] = [];
  let [low, high] = [least, most];
  for (let second = now - seconds + 1; second <= now; second++) {
    const found = value(second);
    values.push(found);
    if (found === null) continue;
    low = Math.min(low, found);
    high = Math.max(high, found);
  }
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || width === 0) return [low, high];
  context.fillStyle = style.ground;
  context.fillRect(0, 0, width, height);
  const step = width / seconds;
  const y = (at: number) => height - dpr - ((at - low) / (high - low || 1)) * (height - 2 * dpr);
  if (low < 0 && high > 0) {
    context.fillStyle = style.zero;
    context.fillRect(0, Math.round(y(0)), width, Math.max(1, Math.round(dpr)));
  }
  context.strokeStyle = style.line;
  context.lineWidth = 1.2 * dpr;
  context.beginPath();
  let broken = true;
  values.forEach((at, i) => {
    if (untrusted?.(now - seconds + 1 + i)) {
      context.fillStyle = style.hatch;
      for (let down = (i % 2) * 2 * dpr; down < height; down += 4 * dpr) context.fillRect(i * step, down, step, dpr);
    }
    if (at !== null) {
      if (broken) context.moveTo(i * step, y(at));
      else context.lineTo(i * step, y(at));
      context.lineTo((i + 1) * step, y(at));
    }
    broken = at === null;
  });
  context.stroke();
  return [low, high];
}
