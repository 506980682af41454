// What lies over the field, at the lower left of the picture: which price the line follows, and the legend of the options.
import type { Look } from '../layers/layer';
import { options } from '../layers/options';
import { isBucketed, lineName, priceOfTick, priceText } from '../model/prices';
import type { CatalogSession } from '../wire/catalog';
import { element, setText } from './element';
import { endText, formulaAddress, ramp } from './legend';

export class PictureLegend {
  readonly node = element('div', { class: 'picture-legend', 'aria-label': 'Legend of what lies over the field' });
  private readonly line = element('span', { class: 'line-name' });
  private readonly lineKey = element('span', { class: 'key' }, element('i', { class: 'mark spot-line' }), this.line);
  private readonly gradient = element('span', { class: 'ramp', role: 'img' });
  private readonly bars: HTMLElement;

  constructor() {
    const { from, to } = options.legend;
    const formula = element(
      'a',
      { class: 'link', target: '_blank', rel: 'noopener', href: formulaAddress(options) },
      'formula',
    );
    formula.title = `${options.formula}\nWhere it comes from, in the documentation`;
    formula.setAttribute('aria-label', 'Formula of Options, in the documentation');
    const said = element('span', {}, 'option', element('span', { class: 'said' }, ' orders at a strike'), ':');
    this.bars = element('span', { class: 'legend options-legend' }, said);
    this.bars.title = `${options.sentence}\n${options.formula}`;
    this.bars.append(
      element('span', { class: 'way' }, 'shrinking'),
      element('span', { class: 'num end' }, endText(from)),
      this.gradient,
      element('span', { class: 'num end' }, endText(to)),
      element('span', { class: 'way' }, 'growing'),
      element('span', { class: 'unit' }, options.unit),
      formula,
    );
    const words = `${options.words(from)} at the left end, ${options.words(to)} at the right; beyond them the colour hardly changes`;
    this.gradient.setAttribute('aria-label', `Options: ${words}`);
    this.gradient.title = words;
    this.node.append(element('span', { class: 'keys' }, this.lineKey, this.bars));
    this.node.hidden = true;
  }

  /** `room`: how wide it may be, in CSS pixels; what there is no room for is left out. */
  show(session: CatalogSession | null, look: Look & { options: boolean }, room: number): void {
    this.node.hidden = session === null;
    if (!session) return;
    this.node.style.width = `${Math.max(0, room).toFixed(0)}px`;
    setText(this.line, lineName(session));
    const row = priceText(priceOfTick(1, session), session);
    this.lineKey.title = isBucketed(session)
      ? `The line is the mid at the end of each second: a row gathers ${row} of prices, and spot ref is the middle of a row`
      : 'The line is spot ref: the price the rows of a second are counted from, taken at its beginning';
    this.bars.hidden = !look.options || session.options === null;
    this.gradient.style.background = `${ramp(options, options.legend, look)}, var(--background)`;
  }
}
