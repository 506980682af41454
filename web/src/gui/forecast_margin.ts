// To the right of now: names of the walls, and, under the path, what is expected and what that was worth so far. All of it
// stays where it is while numbers change.
import { forecast as layer } from '../layers/forecast';
import type { Look } from '../layers/layer';
import type { Camera } from '../model/camera';
import { farthestMove, wallsOf } from '../model/forecast';
import { pointsText, priceOfTick } from '../model/prices';
import type { Playback } from '../playback';
import { WALL_MARK } from '../views/path_view';
import { element, setText } from './element';
import { confidenceText, expectedLines, moveText, signedTicks, whyNone, worthNow } from './forecast_words';
import { formulaAddress, ramp } from './legend';

/** In less there is no room for words. */
const LEAST_WIDTH = 120;
/** Left free of words at both edges. */
const MARGIN = 10;
/** Of a letter of a wall's name, in CSS pixels; rather too wide than too narrow. */
const LETTER = 7;

export class ForecastMargin {
  readonly node = element('div', { class: 'forecast', role: 'group', 'aria-label': 'Forecast' });
  readonly walls = element('div', { class: 'walls', 'aria-hidden': 'true' });
  private readonly labels = { up: this.label('up'), down: this.label('down') };
  private readonly none = element('div', { class: 'none faint' });
  private readonly move = element('div', { class: 'move num' });
  private readonly gradient = element('span', { class: 'ramp', 'aria-hidden': 'true' });
  private readonly confidence = element('span', { class: 'num' });
  private readonly formula = element(
    'a',
    { class: 'link', target: '_blank', rel: 'noopener', href: formulaAddress(layer) },
    'formula',
  );
  private readonly row = element('div', { class: 'confidence faint' });
  private readonly text = element('span');
  private readonly verdict = element('span', { class: 'verdict' });
  private readonly worth = element('div', { class: 'worth' }, this.text, this.verdict);

  constructor() {
    this.row.append('confidence ', this.confidence, this.gradient, this.formula);
    this.formula.setAttribute('aria-label', 'Formula of the forecast, in the documentation');
    this.node.append(this.none, this.move, this.row, this.worth);
  }

  /** `shown`: whether the forecast is; what is said of a lost connection is said anyhow. */
  update(
    playback: Playback,
    camera: Camera,
    size: { width: number; height: number },
    shown: boolean,
    look: Look,
  ): void {
    const left = Math.max(0, camera.pixelOfX(0));
    const width = size.width - left;
    const lost = playback.connection !== 'connected';
    const known = playback.now !== null && width >= LEAST_WIDTH;
    this.node.hidden = !known || !(shown || lost);
    this.walls.hidden = playback.now === null || !shown;
    if (!this.walls.hidden) this.nameWalls(playback, camera, size);
    if (this.node.hidden) return;
    this.node.style.transform = `translateX(${left.toFixed(1)}px)`;
    this.node.style.maxWidth = `${(width - MARGIN).toFixed(1)}px`;
    const none = lost ? `${playback.connection} …` : shown ? whyNone(playback) : '';
    setText(this.none, none);
    this.none.hidden = none === '';
    const path = shown && playback.forecast?.path;
    this.move.hidden = this.row.hidden = this.worth.hidden = !path;
    if (path) this.say(playback, look);
  }

  private say(playback: Playback, look: Look): void {
    const { session, forecast } = playback;
    if (!session || !forecast?.path) return;
    const step = farthestMove(forecast.path);
    setText(this.move, step ? `${moveText(step, session)} in ${step.horizon} s` : 'no move expected in 30 s');
    setText(this.confidence, step ? confidenceText(playback.calibration, step.confidence, true) : '–');
    const ranked = playback.calibration?.tenths != null;
    const scale = ranked
      ? 'Opacity of the path by confidence, from the first to the last tenth of the training days\u2019 forecasts'
      : 'Opacity of the path by confidence, from 0 to 1';
    if (this.gradient.title !== scale) this.gradient.title = scale;
    this.gradient.style.background = `${ramp(layer, layer.legend, look)}, var(--background)`;
    const { text, verdict, skill, more } = worthNow(playback);
    setText(this.text, text);
    setText(this.verdict, verdict);
    this.verdict.dataset.skill = String(skill);
    this.worth.dataset.plain = String(playback.calibrationName === null);
    const title = [...expectedLines(playback, session), more].filter(Boolean).join('\n').replaceAll('`', '');
    if (this.node.title !== title) this.node.title = title;
  }

  /**
   * Over the mark of an upper wall, under that of a lower one, so that the path between them stays free. Near the right edge the
   * price is left out, and then the name: half a price would be another price.
   */
  private nameWalls(
    { forecast, session }: Playback,
    camera: Camera,
    { width, height }: { width: number; height: number },
  ): void {
    const walls = forecast ? wallsOf(forecast) : [];
    const x = camera.pixelOfX(0) + WALL_MARK.from;
    const fits = (text: string) => text.length * LETTER <= width - x;
    for (const [direction, label] of Object.entries(this.labels)) {
      const wall = walls.find((found) => found.direction === direction);
      const y = wall ? camera.pixelOfTick(wall.tick) : -1;
      const name = wall ? `wall ${signedTicks(wall.delta)}` : '';
      label.hidden = !wall || !session || y < 14 || y > height - 14 || !fits(name);
      if (!wall || !session || label.hidden) continue;
      const priced = `${name}  ${pointsText(priceOfTick(wall.tick, session), session)}`;
      setText(label, fits(priced) ? priced : name);
      label.style.transform = `translate(${x.toFixed(1)}px, ${(y + (wall.delta > 0 ? -17 : 3)).toFixed(1)}px)`;
    }
  }

  private label(direction: 'up' | 'down'): HTMLElement {
    const made = element('span', { class: 'wall-label num', 'data-direction': direction });
    this.walls?.append(made);
    return made;
  }
}
