// The panel of small series: a canvas each, its name, its scale and its value now; each folds away.
import type { Camera } from '../model/camera';
import type { Playback } from '../playback';
import { drawSeries, SERIES, type SeriesData, type SmallSeries, type StripStyle } from '../views/series_strip';
import { element, setText } from './element';
import { scoreText } from './forecast_words';

interface Row {
  node: HTMLElement;
  canvas: HTMLCanvasElement;
  top: HTMLElement;
  value: HTMLElement;
  fold: HTMLButtonElement;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** What a series is now; of two lines, each with its sign, always as wide. */
function nowText({ form }: SmallSeries, data: SeriesData, now: number): string {
  if ('bars' in form) {
    const value = form.bars(data, now);
    return value === null ? '–' : String(rounded(value));
  }
  const text = (value: number | null) => (value === null ? '–' : scoreText(value)).padStart(7);
  return `▲${text(form.up(data, now))}\n▼${text(form.down(data, now))}`;
}

export class SeriesPanel {
  readonly node = element('section', { class: 'series', 'aria-label': 'Small series' });
  private readonly rows: Row[];

  constructor(
    folded: readonly string[],
    private readonly changed: (folded: string[]) => void,
  ) {
    this.rows = SERIES.map((series) => {
      const canvas = element('canvas', { role: 'img', 'aria-label': `${series.name} over time` });
      const top = element('span', { class: 'num faint top-value' });
      const value = element('span', { class: 'num now-value' });
      const fold = element(
        'button',
        { type: 'button', class: 'fold' },
        `${series.name} `,
        element('span', { class: 'unit' }, series.unit),
      );
      const node = element(
        'div',
        { class: 'small', 'data-series': series.id },
        fold,
        canvas,
        element('span', { class: 'scale' }, top, value),
      );
      if (series.sentence) node.title = series.sentence;
      fold.addEventListener('click', () => this.fold(node));
      this.node.append(node);
      return { node, canvas, top, value, fold };
    });
    for (const { node, fold } of this.rows) {
      node.dataset.folded = String(folded.includes(node.dataset.series ?? ''));
      fold.setAttribute('aria-expanded', String(node.dataset.folded !== 'true'));
      fold.title = 'Fold or unfold';
    }
  }

  update(playback: Playback, camera: Camera, dpr: number, style: StripStyle): void {
    const { snapshots, now, session } = playback;
    if (now === null || !session) return;
    const scoresAt = (second: number) => playback.scoresAt(second);
    const data = { snapshots, scoresAt, priceIncrementInt: session.priceIncrementInt };
    SERIES.forEach((series, i) => {
      const { node, canvas, top, value } = this.rows[i];
      setText(value, nowText(series, data, now));
      if (node.dataset.folded === 'true') return;
      const scale = String(rounded(drawSeries(canvas, series, data, now, camera, dpr, style)));
      setText(top, 'bars' in series.form ? scale : `±${scale}`);
    });
  }

  private fold(node: HTMLElement): void {
    const folded = node.dataset.folded !== 'true';
    node.dataset.folded = String(folded);
    node.querySelector('.fold')?.setAttribute('aria-expanded', String(!folded));
    this.changed(
      this.rows.filter((row) => row.node.dataset.folded === 'true').map((row) => row.node.dataset.series ?? ''),
    );
  }
}
