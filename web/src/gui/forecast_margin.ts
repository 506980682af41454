// To the right of now: names of the walls, and, under the path, what is expected and what that was worth so far. All of it
// stays where it is while numbers change.
import { forecast as layer } from '../layers/forecast';
import type { Look } from '../layers/layer';
import type { Camera } from '../model/camera';
import { farthestMove, wallsOf } from '../model/forecast';
import { pointsText, priceOfTick } from '../model/prices';
import type { Playback } from '../playback';
import { WALL_MARK } from '../views/path_view';
import { type Box, overlap, widthOf } from './boxes';
import { element, setText } from './element';
import { confidenceText, expectedLines, moveText, signedTicks, whyNone, worthNow } from './forecast_words';
import { formulaAddress, ramp } from './legend';

/** In less there is no room for words. */
const LEAST_WIDTH = 120;
/** Left free of words at both edges. */
const MARGIN = 10;
/** Of the words, from now and from the lower edge, as the style has it. */
const WORDS = { left: 5, bottom: 20 };
/** Of a wall's name, and what it stands above or below its mark. */
const WALL_NAME = { height: 14, above: -17, below: 3 };

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

  /** As last laid out, and where. */
  private size = { width: 0, height: 0 };
  private left = 0;

  /** `resized`: the words take more or less room than when they were written. */
  constructor(resized: () => void) {
    new ResizeObserver(() => {
      this.size = { width: this.node.offsetWidth, height: this.node.offsetHeight };
      resized();
    }).observe(this.node);
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
    if (this.node.hidden) return;
    this.left = left;
    this.node.style.transform = `translateX(${left.toFixed(1)}px)`;
    this.node.style.maxWidth = `${(width - MARGIN).toFixed(1)}px`;
    const none = lost ? `${playback.connection} …` : shown ? whyNone(playback) : '';
    setText(this.none, none);
    this.none.hidden = none === '';
    const path = shown && playback.forecast?.path;
    this.move.hidden = this.row.hidden = this.worth.hidden = !path;
    if (path) this.say(playback, look);
  }

  /** Where the words stand; null: there are none. `height` of the picture. */
  words(height: number): Box | null {
    if (this.node.hidden) return null;
    const left = this.left + WORDS.left;
    const bottom = height - WORDS.bottom;
    return { left, right: left + this.size.width, top: bottom - this.size.height, bottom };
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
   * Over the mark of an upper wall, under that of a lower one, so that the path between them stays free. Near the right edge and
   * beside other words the price is left out, and then the name: half a price would be another price.
   */
  nameWalls(
    { forecast, session }: Playback,
    camera: Camera,
    { width, height }: { width: number; height: number },
    taken: readonly Box[],
  ): void {
    if (this.walls.hidden) return;
    const walls = forecast && session ? wallsOf(forecast) : [];
    const left = camera.pixelOfX(0) + WALL_MARK.from;
    for (const [direction, label] of Object.entries(this.labels)) {
      const wall = walls.find((found) => found.direction === direction);
      const y = wall ? camera.pixelOfTick(wall.tick) : -1;
      label.hidden = !wall || !session || y < 14 || y > height - 14;
      if (!wall || !session || label.hidden) continue;
      const top = y + (wall.delta > 0 ? WALL_NAME.above : WALL_NAME.below);
      const fits = (text: string) => {
        const box = { left, right: left + widthOf(text), top, bottom: top + WALL_NAME.height };
        return box.right <= width && !taken.some((other) => overlap(box, other));
      };
      const name = `wall ${signedTicks(wall.delta)}`;
      const text = [`${name}  ${pointsText(priceOfTick(wall.tick, session), session)}`, name].find(fits);
      label.hidden = text === undefined;
      if (text !== undefined) setText(label, text);
      label.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    }
  }

  private label(direction: 'up' | 'down'): HTMLElement {
    const made = element('span', { class: 'wall-label num', 'data-direction': direction });
    this.walls?.append(made);
    return made;
  }
}
