// Where the feed of a live session had a gap, or was lost and came back whole: a hatched band or a line across the picture, with its words.
import type { Camera } from '../model/camera';
import { type FeedWatch, gapTimes, gapWords, spanText } from '../model/feed';
import { type Box, overlap, widthOf } from './boxes';
import { element, setText } from './element';

type Kind = 'gap' | 'reconnection';

export interface DrawnGap {
  kind: Kind;
  /** Edges in CSS pixels of the picture. */
  left: number;
  right: number;
  text: string;
}

/** Narrower ones would not be seen. */
const LEAST_WIDTH: Record<Kind, number> = { gap: 4, reconnection: 2 };
/** Labels stand in rows, the lowest over the legend and what is loading. */
const ROW = { height: 18, lowest: 68, count: 4 };

interface Entry {
  kind: Kind;
  start: number;
  end: number;
  text: string;
}

/** What lies to the left of now, in the order of its beginning. */
function entriesOf(watch: FeedWatch, now: number): Entry[] {
  const gaps = watch.gaps.map((gap): Entry => {
    const { start, end } = gap;
    return { kind: 'gap', start, end: Math.min(end ?? now, now), text: `gap ${gapWords(gap, now)}` };
  });
  const reconnections = watch.reconnections.map(({ start, end }): Entry => {
    const after = end > start ? ` after ${spanText(end - start)}` : '';
    const text = `reconnected${after}, nothing lost · ${gapTimes({ start, end, cause: '' })}`;
    return { kind: 'reconnection', start, end: Math.min(end, now), text };
  });
  return [...gaps, ...reconnections].filter(({ start }) => start < now).sort((a, b) => a.start - b.start);
}

export class GapMarks {
  readonly node = element('div', { class: 'gap-marks', 'aria-hidden': 'true' });
  /** As last shown. */
  drawn: DrawnGap[] = [];
  private readonly nodes: { band: HTMLElement; label: HTMLElement }[] = [];

  /** `words`: where nothing may stand over. */
  update(
    watch: FeedWatch,
    camera: Camera,
    size: { width: number; height: number },
    now: number,
    words: Box | null,
  ): void {
    this.drawn = [];
    for (const { kind, start, end, text } of entriesOf(watch, now)) {
      const left = camera.pixelOfX(start - now);
      const right = Math.max(camera.pixelOfX(end - now), left + LEAST_WIDTH[kind]);
      if (right > 0 && left < size.width) this.drawn.push({ kind, left, right, text });
    }
    while (this.nodes.length < this.drawn.length) {
      const made = { band: element('i', { class: 'band' }), label: element('span', { class: 'gap-label' }) };
      this.nodes.push(made);
      this.node.append(made.band, made.label);
    }
    const taken: Box[] = words ? [words] : [];
    this.nodes.forEach(({ band, label }, i) => {
      const mark = this.drawn[i];
      band.hidden = label.hidden = mark === undefined;
      if (!mark) return;
      band.dataset.kind = label.dataset.kind = mark.kind;
      band.style.transform = `translateX(${mark.left.toFixed(1)}px)`;
      band.style.width = `${(mark.right - mark.left).toFixed(1)}px`;
      this.name(label, mark, size, taken);
    });
  }

  /** In the first row with room: beside what is there already; where there is none, the list and the crosshair tell. */
  private name(
    label: HTMLElement,
    { left, text }: DrawnGap,
    size: { width: number; height: number },
    taken: Box[],
  ): void {
    setText(label, text);
    const width = widthOf(text) + 12;
    const at = Math.max(4, Math.min(left + 6, size.width - width - 4));
    for (let row = 0; row < ROW.count; row++) {
      const bottom = size.height - ROW.lowest - row * ROW.height;
      const box = { left: at, right: at + width, top: bottom - ROW.height, bottom };
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      label.style.transform = `translate(${at.toFixed(1)}px, ${box.top.toFixed(1)}px)`;
      return;
    }
    label.hidden = true;
  }
}
