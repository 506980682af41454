// The bands: how easy the way up and down is as three gauges, and under them a ladder as the price axis stands: far above at the top,
// spot in the middle, far below at the bottom; in each rung the wall, its erosion and the vacuum.
import { bands as layer } from '../layers/bands';
import type { Look, Rgba } from '../layers/layer';
import { vacuum } from '../layers/vacuum';
import {
  BAND_COLUMNS,
  BAND_REACH,
  BANDS,
  type Band,
  bandColumn,
  calibrationText,
  type Direction,
  easierWay,
  MEASURES,
  type Measure,
  type SCORES,
} from '../model/bands';
import { isMissing } from '../model/grid';
import type { Playback } from '../playback';
import { PANEL_SECONDS } from '../surface_feed';
import { drawSparkline } from '../views/sparkline';
import { element, setText } from './element';
import { css } from './legend';
import { Notice } from './notice';
import { panelHead, panelStyle } from './panel_head';

const MEASURE_NAMES: Record<Measure, readonly [string, string]> = {
  wall_strength: ['wall', 'Rested depth: 1 is as thick as it gets here'],
  wall_erosion: ['erosion', 'Depth lost in the second: 1 is as fast as it gets here'],
  vacuum: ['vacuum', 'Mean vacuum score: 0 wall, 1 vacuum'],
};
/** Where on the palette from wall to vacuum a bar of a measure is taken from. */
const HUES: Record<Measure, number> = { wall_strength: 0, wall_erosion: 0.4, vacuum: 1 };
const GAUGES = [
  ['above_score', '▲ up', 'How easily price moves up: 0.6 of the ease at spot, 0.4 of the ease near it'],
  ['below_score', '▼ down', 'How easily price moves down'],
  ['vacuum_total_score', 'both', 'Mean of the two: how thin the book is as a whole'],
] as const satisfies readonly (readonly [(typeof SCORES)[number], string, string])[];
const VERDICTS = {
  up: 'easier up than down',
  down: 'easier down than up',
  alike: 'as easy up as down',
} as const;

const solid = ([r, g, b]: Rgba): string => css([r, g, b, 1]);
const text = (value: number): string => (isMissing(value) ? '–' : value.toFixed(2));
const place = (name: string): number => BAND_COLUMNS.indexOf(name);

interface Bar {
  column: number;
  hue: number;
  fill: HTMLElement;
  value: HTMLElement;
}

export class BandsPanel {
  readonly node = element('section', { class: 'panel bands', 'aria-label': 'Bands' });
  private readonly calibration = element('span', { class: 'calibration' });
  private readonly verdict = element('div', { class: 'verdict', role: 'status' });
  private readonly none = new Notice('none');
  private readonly body = element('div', { class: 'body' });
  private readonly bars: Bar[] = [];
  private drawn = '';
  private readonly sparks: { column: number; canvas: HTMLCanvasElement }[] = [];

  constructor(close: () => void) {
    const gauges = element(
      'div',
      { class: 'gauges' },
      ...GAUGES.map(([name, said, sentence]) => this.gauge(name, said, sentence)),
    );
    const ladder = element('div', {
      class: 'ladder',
      role: 'table',
      'aria-label': 'Bands from far above to far below',
    });
    const head = MEASURES.map((measure) => {
      const [name, sentence] = MEASURE_NAMES[measure];
      return element(
        'span',
        { role: 'columnheader', class: 'measure', 'data-measure': measure, title: sentence },
        name,
      );
    });
    ladder.append(
      element('div', { role: 'row', class: 'rung heads' }, element('span', { role: 'columnheader' }, 'ticks'), ...head),
    );
    for (const band of [...BANDS].reverse()) ladder.append(this.rung('above', band));
    ladder.append(element('div', { class: 'spot', role: 'row' }, element('span', { role: 'cell' }, 'spot')));
    for (const band of BANDS) ladder.append(this.rung('below', band));
    this.body.append(this.verdict, gauges, ladder);
    this.node.append(panelHead(layer, close, this.calibration), this.none.node, this.body);
  }

  update({ feed, now, session }: Playback, look: Look, dpr: number): void {
    if (now === null || !session) return;
    const row = feed.at('physics_bands', now);
    const none = feed.whyNone('physics_bands', now);
    this.node.dataset.invalid = String(row !== null && !row.valid);
    this.none.show(none);
    // Of a second that cannot be trusted the panel keeps its shape and shows no numbers.
    this.body.hidden = none !== '' && row === null;
    const { text: said, more } = calibrationText(session.normCalibration);
    setText(this.calibration, row ? said : '');
    this.calibration.dataset.kind = session.normCalibration?.kind ?? 'unknown';
    this.calibration.title = more;
    this.show(row?.valid ? row.values : null, look);
    if (this.body.hidden) return;
    // A picture that moves does not change a series: they are drawn once a second.
    const kept = feed.rings.physics_bands.has(now - PANEL_SECONDS + 1);
    const state = [now, kept, look.light, dpr, this.body.clientWidth].join();
    if (state === this.drawn) return;
    this.drawn = state;
    for (const { column, canvas } of this.sparks) {
      const value = (second: number) => {
        const found = feed.at('physics_bands', second);
        return found?.valid ? found.values[column] : null;
      };
      drawSparkline(canvas, { now, seconds: PANEL_SECONDS, value, least: 0, most: 1 }, panelStyle(look), dpr);
    }
  }

  private show(values: Float64Array | null, look: Look): void {
    for (const { column, hue, fill, value } of this.bars) {
      const found = values ? values[column] : Number.NEGATIVE_INFINITY;
      const share = isMissing(found) ? 0 : Math.min(1, Math.max(0, found));
      fill.style.transform = `scaleX(${share.toFixed(3)})`;
      fill.style.background = solid(vacuum.colour(hue, look));
      setText(value, text(found));
    }
    const [above, below] = [place('above_score'), place('below_score')].map((column) => values?.[column] ?? Number.NaN);
    setText(this.verdict, values ? VERDICTS[easierWay(above, below)] : '');
  }

  private bar(column: number, hue: number, name: string): HTMLElement {
    const fill = element('i', { class: 'fill' });
    const value = element('span', { class: 'num value' });
    this.bars.push({ column, hue, fill, value });
    return element('span', { class: 'bar', role: 'cell', title: name }, fill, value);
  }

  private gauge(name: string, said: string, sentence: string): HTMLElement {
    const canvas = element('canvas', { 'aria-hidden': 'true', title: 'The last 60 seconds, 0 to 1' });
    this.sparks.push({ column: place(name), canvas });
    const label = element('span', { class: 'rung-name' }, said);
    return element(
      'div',
      { class: 'gauge', 'data-score': name, title: sentence },
      label,
      this.bar(place(name), 1, sentence),
      canvas,
    );
  }

  private rung(direction: Direction, band: Band): HTMLElement {
    const [from, to] = BAND_REACH[band];
    const name = `${band} ${direction}: ${from} to ${to} price increments from spot`;
    const label = element(
      'span',
      { role: 'rowheader', class: 'rung-name', title: name },
      `${band} `,
      element('span', { class: 'num unit' }, `${from}–${to}`),
    );
    const cells = MEASURES.map((measure) =>
      this.bar(place(bandColumn(direction, band, measure)), HUES[measure], `${MEASURE_NAMES[measure][0]}, ${name}`),
    );
    const made = element(
      'div',
      { role: 'row', class: 'rung', 'data-direction': direction, 'data-band': band },
      label,
      ...cells,
    );
    return made;
  }
}
