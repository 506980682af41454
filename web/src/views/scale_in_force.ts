// Which scale the picture is painted with now. The fixed one costs nothing; the visible window's is measured on a sample,
// at most once a second, and only while it is asked for.
import type { Layer } from '../layers/layer';
import {
  type FieldSource,
  fixedScale,
  isSteady,
  percentileEnds,
  type Scale,
  type ScaleKind,
  type SeenPart,
  sampleSeen,
  viewScale,
} from '../model/scale';

const EVERY_MS = 1000;
const KEPT_TIMES = 60;

export class ScaleInForce {
  /** Milliseconds the last measurements took. */
  readonly times: number[] = [];
  private layer: Layer | null = null;
  private scale: Scale | null = null;
  private measuredAt = 0;

  /** Forgets what was measured: another session, another palette of values. */
  reset(): void {
    this.layer = null;
  }

  /**
   * The scale for what is about to be drawn, and in how many milliseconds a further drawing would measure anew (0: this
   * one is up to date). Falls back to the fixed scale while too little is visible to measure.
   */
  update(layer: Layer, kind: ScaleKind, source: FieldSource, part: SeenPart | null): { scale: Scale; wait: number } {
    if (kind === 'fixed' || part === null) {
      this.layer = null;
      return { scale: fixedScale(layer.legend), wait: 0 };
    }
    const began = performance.now();
    if (this.layer !== layer) this.scale = null;
    this.layer = layer;
    const age = began - this.measuredAt;
    if (this.scale && age < EVERY_MS) return { scale: this.scale, wait: EVERY_MS - age };
    const shows = (value: number) => layer.colour(value, { safe: false, light: false })[3] > 0;
    const sample = sampleSeen(source, part, shows);
    const ends = percentileEnds(sample, layer.legend.from < 0);
    if (ends === null) this.scale = null;
    else if (!this.scale || !isSteady(this.scale.ends, ends)) this.scale = viewScale(layer.stretch, ends);
    this.measuredAt = performance.now();
    this.times.push(this.measuredAt - began);
    if (this.times.length > KEPT_TIMES) this.times.shift();
    return { scale: this.scale ?? fixedScale(layer.legend), wait: 0 };
  }
}
