// Scores of the last half hour, in the same slots as the fields (ring.ts).
import type { Scores } from './forecast';
import { RING_COLUMNS } from './grid';

const VALUES = 4;

export class ScoreRing {
  private readonly values = new Float32Array(RING_COLUMNS * VALUES);
  private readonly stamps = new Float64Array(RING_COLUMNS).fill(-1);

  /** Keeps a second in a slot; null is a second without scores. Whether it may is decided by the ring of the fields. */
  write(slot: number, second: number, scores: Scores | null): void {
    this.stamps[slot] = scores ? second : -1;
    if (scores) this.values.set([scores.up, scores.down, scores.wallUp, scores.wallDown], slot * VALUES);
  }

  /** Null: not kept, or the second has none. */
  at(slot: number, second: number): Scores | null {
    if (this.stamps[slot] !== second) return null;
    const { values } = this;
    const i = slot * VALUES;
    return { up: values[i], down: values[i + 1], wallUp: values[i + 2], wallDown: values[i + 3] };
  }

  clear(): void {
    this.stamps.fill(-1);
  }
}
