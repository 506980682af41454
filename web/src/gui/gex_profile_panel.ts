// The profile of gamma exposure beside the price axis, with its scale and its sum; a card tells all of the strike under the pointer.
import { gexProfile } from '../layers/gex_profile';
import type { Look } from '../layers/layer';
import type { Camera } from '../model/camera';
import { dollarsText, signedDollars } from '../model/dollars';
import { type GexColumn, type GexLevels, nearestStrike } from '../model/surface_columns';
import { whyAbsent } from '../model/surfaces';
import type { Playback } from '../playback';
import { type BarsStyle, barsEnd, drawGexBars } from '../views/gex_bars';
import { element, setText } from './element';
import { levelNames, priceIntText, strikeReadings, unpricedText } from './gex_words';
import { formulaAddress } from './legend';
import { Notice } from './notice';
import type { Reading } from './reading';

const STYLE: Record<'dark' | 'light', BarsStyle> = {
  dark: { ground: '#0a0a0f', zero: '#33333f', now: '#23232f' },
  light: { ground: '#f7f7f4', zero: '#c0c0ba', now: '#e2e2dc' },
};
const HALF_CARD = 80;

export class GexProfilePanel {
  readonly node = element('section', {
    class: 'gex-profile',
    tabindex: '0',
    'aria-label': 'Gamma exposure by strike',
    'aria-describedby': 'gex-summary',
  });
  private readonly canvas = element('canvas', { 'aria-hidden': 'true' });
  private readonly ends = [element('span', { class: 'num' }), element('span', { class: 'num' })];
  private readonly total = element('div', { class: 'num total' });
  private readonly unpriced = element('div', { class: 'unpriced' });
  private readonly none = new Notice('none');
  private readonly summary = element('div', { class: 'unseen', id: 'gex-summary' });
  private readonly card = element('table', { class: 'readings num gex-card', 'aria-live': 'polite' });
  /** Price of the strike that is read, in 1e-9; null: none. */
  private chosen: number | null = null;
  private column: GexColumn | null = null;
  private camera: Camera | null = null;
  private tickInt = 1;

  constructor(private readonly changed: () => void) {
    const formula = element('a', {
      class: 'link',
      target: '_blank',
      rel: 'noopener',
      href: formulaAddress(gexProfile),
      'aria-label': 'Formula of gamma exposure, in the documentation',
    });
    formula.append('GEX');
    formula.title = `${gexProfile.sentence}\n${gexProfile.formula}`;
    const [puts, calls] = this.ends;
    const scale = element('div', { class: 'gex-scale' }, puts, formula, calls);
    const sides = element(
      'div',
      { class: 'gex-scale sides' },
      element('span', {}, '◂ puts'),
      element('span', {}, 'calls ▸'),
    );
    const head = element('div', { class: 'gex-head' }, scale, sides);
    const foot = element('div', { class: 'gex-foot' }, this.unpriced, this.total);
    this.node.append(this.canvas, head, this.none.node, foot, this.card, this.summary);
    this.card.hidden = true;
    this.listen();
  }

  update(playback: Playback, camera: Camera, height: number, dpr: number, look: Look & { gex: boolean }): void {
    const { session, now, feed } = playback;
    this.node.hidden = !look.gex || !session || whyAbsent('gex', session) !== '';
    if (this.node.hidden || !session || now === null) return;
    const found = feed.at('gex', now);
    this.column = found?.valid ? found : null;
    this.camera = camera;
    this.tickInt = session.tickInt;
    const style = STYLE[look.light ? 'light' : 'dark'];
    const chosen = this.column && this.chosen !== null ? nearestStrike(this.column, this.chosen) : -1;
    drawGexBars(this.canvas, this.column, { camera, tickInt: this.tickInt, dpr }, look, style, chosen);
    const end = this.column ? dollarsText(barsEnd(this.column, camera, this.tickInt)).replace('.0', '') : '';
    for (const node of this.ends) setText(node, end);
    this.none.show(feed.whyNone('gex', now));
    this.sum(feed.at('gex_levels', now));
    this.read(chosen, height);
  }

  /** What stands in the card, for tests and for whoever cannot see it. */
  get readings(): Reading[] {
    const chosen = this.column && this.chosen !== null ? nearestStrike(this.column, this.chosen) : -1;
    return this.column && chosen >= 0 ? strikeReadings(this.column, chosen) : [];
  }

  private sum(levels: GexLevels | null): void {
    const known = levels?.valid ? levels : null;
    setText(this.total, known ? `net ${signedDollars(known.total)}` : '');
    this.total.title = known
      ? `Calls ${dollarsText(known.callTotal)} less puts ${dollarsText(known.putTotal)}, of the whole chain, ${gexProfile.unit} move`
      : '';
    setText(this.unpriced, known ? unpricedText(known) : '');
    this.unpriced.title =
      'Options with open interest whose quotes are missing or no price without arbitrage: not in these numbers';
    const said = known ? [`net ${signedDollars(known.total)}`, ...levelNames(known).map(({ text }) => text)] : [];
    setText(this.summary, said.join(', '));
  }

  private read(chosen: number, height: number): void {
    const { column, camera, card } = this;
    card.hidden = chosen < 0 || !column || !camera;
    if (card.hidden || !column || !camera) return;
    card.replaceChildren(
      ...strikeReadings(column, chosen).map(({ name, text }) =>
        element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, text)),
      ),
    );
    const y = camera.pixelOfTick(column.strikePriceInt[chosen] / this.tickInt);
    card.style.top = `${Math.min(height - 2 * HALF_CARD, Math.max(4, y - HALF_CARD)).toFixed(0)}px`;
    card.setAttribute('aria-label', `Gamma exposure at ${priceIntText(column.strikePriceInt[chosen])}`);
  }

  private choose(priceInt: number | null): void {
    this.chosen = priceInt;
    this.changed();
  }

  private listen(): void {
    this.node.addEventListener('pointermove', (event) => {
      const y = event.clientY - this.node.getBoundingClientRect().top;
      if (this.camera) this.choose(this.camera.tickOfPixel(y) * this.tickInt);
    });
    for (const gone of ['pointerleave', 'blur']) this.node.addEventListener(gone, () => this.choose(null));
    this.node.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
      const { column, camera } = this;
      if (by === 0 || !column || !camera) return;
      event.preventDefault();
      const middle = (camera.bottom + camera.top) / 2;
      const at = nearestStrike(column, this.chosen ?? middle * this.tickInt);
      const next = Math.min(column.strikePriceInt.length - 1, Math.max(0, this.chosen === null ? at : at + by));
      this.choose(column.strikePriceInt[next]);
    });
  }
}
