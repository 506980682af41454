// Labels of both axes: a pool of text nodes moved about, never made anew.
import type { Camera } from '../model/camera';
import { type PriceMark, priceMarks } from '../model/price_axis';
import { lineName, type PriceSteps, pointsText, priceOfTick } from '../model/prices';
import { type TimeMark, timeMarks } from '../model/time_axis';
import { element, setText } from './element';

/** Labels this near the one of the spot would lie half under it. */
const SPOT_LABEL_PIXELS = 15;

/** A time label nearer to an edge would be cut. */
const HALF_TIME_LABEL = 32;

class LabelPool {
  private readonly nodes: HTMLElement[] = [];
  private used = 0;

  constructor(private readonly parent: HTMLElement) {}

  begin(): void {
    this.used = 0;
  }

  put(text: string, x: number, y: number, kind: string): void {
    let node = this.nodes[this.used];
    if (!node) {
      node = element('span', { class: 'label' });
      this.nodes.push(node);
      this.parent.append(node);
    }
    this.used++;
    setText(node, text);
    node.className = `label ${kind}`;
    node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    node.hidden = false;
  }

  end(): void {
    for (let i = this.used; i < this.nodes.length; i++) this.nodes[i].hidden = true;
  }
}

export class PriceAxis {
  readonly node = element('div', { class: 'price-axis num', 'aria-hidden': 'true' });
  private readonly spot = element('span', { class: 'label spot' });
  private readonly pool = new LabelPool(this.node);
  marks: PriceMark[] = [];

  constructor() {
    this.node.append(this.spot);
  }

  /** `line` is the height of the spot line now, 0 where it has none. */
  update(camera: Camera, height: number, steps: PriceSteps, line: number): void {
    this.marks = priceMarks(camera.bottom, camera.top, steps);
    this.pool.begin();
    for (const mark of this.marks) {
      const y = camera.pixelOfTick(mark.tick);
      const underSpot = line !== 0 && Math.abs(y - camera.pixelOfTick(line)) < SPOT_LABEL_PIXELS;
      if (mark.label !== null && !underSpot && y > -20 && y < height + 20) this.pool.put(mark.label, 0, y, mark.level);
    }
    this.pool.end();
    this.spot.hidden = line === 0;
    setText(this.spot, pointsText(priceOfTick(line, steps), steps));
    this.spot.dataset.line = lineName(steps);
    const y = Math.min(height - 8, Math.max(8, camera.pixelOfTick(line)));
    this.spot.style.transform = `translate(0, ${y.toFixed(1)}px)`;
  }
}

export class TimeAxis {
  readonly node = element('div', { class: 'time-axis num', 'aria-hidden': 'true' });
  private readonly pool = new LabelPool(this.node);
  marks: TimeMark[] = [];

  update(camera: Camera, width: number, now: number, step: number): void {
    this.marks = timeMarks(now + camera.left, now + camera.right, step);
    this.pool.begin();
    for (const mark of this.marks) {
      const x = camera.pixelOfX(mark.second - now);
      if (x > HALF_TIME_LABEL && x < width - HALF_TIME_LABEL)
        this.pool.put(mark.label, x, 0, mark.second > now ? 'future' : 'past');
    }
    this.pool.end();
  }
}
