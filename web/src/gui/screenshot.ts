// A picture to keep: the canvas, its axes, and what it is of, written on it.
import type { Camera } from '../model/camera';
import { dateOf, NEW_YORK, timeOfDay } from '../model/clock';
import type { PriceMark } from '../model/price_axis';
import type { TimeMark } from '../model/time_axis';
import type { DrawnGap } from './gap_marks';

export interface PictureParts {
  canvas: HTMLCanvasElement;
  dpr: number;
  camera: Camera;
  priceMarks: readonly PriceMark[];
  timeMarks: readonly TimeMark[];
  /** Of the session. */
  title: string;
  now: number;
  layer: string;
  /** A second line; may be empty. */
  note: string;
  /** Gaps in the feed of a live session. */
  gaps: readonly DrawnGap[];
  ink: string;
  ground: string;
}

const AXIS = { width: 80, height: 22 };

export const pictureTitle = (parts: Pick<PictureParts, 'title' | 'now' | 'layer'>): string =>
  `${parts.title}  ${dateOf(parts.now, NEW_YORK)} ${timeOfDay(parts.now, NEW_YORK)} New York  (${timeOfDay(parts.now, 'UTC')} UTC)  ${parts.layer}`;

/** Must run in the same task as the drawing of the canvas, which keeps nothing afterwards. */
export function composePicture(parts: PictureParts): HTMLCanvasElement {
  const { canvas, dpr, camera } = parts;
  const made = document.createElement('canvas');
  made.width = canvas.width + Math.round(AXIS.width * dpr);
  made.height = canvas.height + Math.round(AXIS.height * dpr);
  const context = made.getContext('2d');
  if (!context) throw new Error('no 2D canvas to compose the picture on');
  context.fillStyle = parts.ground;
  context.fillRect(0, 0, made.width, made.height);
  context.drawImage(canvas, 0, 0);
  context.scale(dpr, dpr);
  const [width, height] = [canvas.width / dpr, canvas.height / dpr];
  drawGaps(context, parts.gaps, width, height);
  context.fillStyle = parts.ink;
  context.font = '11px ui-monospace, monospace';
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const mark of parts.priceMarks)
    if (mark.label) context.fillText(mark.label, width + AXIS.width - 8, camera.pixelOfTick(mark.tick));
  context.textAlign = 'center';
  for (const mark of parts.timeMarks)
    context.fillText(mark.label, camera.pixelOfX(mark.second - parts.now), height + AXIS.height / 2);
  context.textAlign = 'left';
  context.font = 'bold 13px ui-monospace, monospace';
  context.fillText(pictureTitle(parts), 12, 16);
  context.font = '12px ui-monospace, monospace';
  context.fillText(parts.note, 12, 34);
  return made;
}

/** Colours of the page as it is. */
const GAP_COLOURS = { gap: '--bad', reconnection: '--accent' } as const;

/** As bands with their words along them. */
function drawGaps(context: CanvasRenderingContext2D, gaps: readonly DrawnGap[], width: number, height: number): void {
  context.save();
  context.font = '11px ui-monospace, monospace';
  const style = getComputedStyle(document.documentElement);
  gaps.forEach(({ kind, left, right, text }, i) => {
    context.fillStyle = context.strokeStyle = style.getPropertyValue(GAP_COLOURS[kind]);
    const [from, to] = [Math.max(0, left), Math.min(width, right)];
    context.globalAlpha = 0.25;
    context.fillRect(from, 0, to - from, height);
    context.globalAlpha = 1;
    context.strokeRect(from, 0, to - from, height);
    context.fillText(text, from + 6, height - 70 - 16 * (i % 4));
  });
  context.restore();
}

export function savePicture(made: HTMLCanvasElement, name: string): void {
  made.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, 'image/png');
}
