// The row of named swatches that picks the field, and the legend of the one in force.
import type { Layer, Look, Rgba } from '../layers/layer';
import { LAYERS } from '../layers/list';
import { MARKS } from '../views/ground';
import { element, setText } from './element';

const css = ([r, g, b, a]: Rgba): string =>
  `rgba(${Math.round(r * 255)}, ${Math.round(g * 255)}, ${Math.round(b * 255)}, ${a})`;

/** The palette between the legend's ends, as it stands on the ground: what a cell of that value looks like. */
function ramp(layer: Layer, look: Look): string {
  const { from, to } = layer.legend;
  const steps = 24;
  const stops = Array.from({ length: steps + 1 }, (_, i) => css(layer.colour(from + ((to - from) * i) / steps, look)));
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

const endText = (value: number): string => (value < 0 ? `−${-value}` : value > 0 ? `${value}` : '0');

export class FieldsBar {
  readonly node: HTMLElement;
  private readonly swatches: HTMLButtonElement[];
  private readonly gradient = element('span', { class: 'ramp', role: 'img' });
  private readonly from = element('span', { class: 'num end' });
  private readonly to = element('span', { class: 'num end' });
  private readonly unit = element('span', { class: 'unit' });

  constructor(pick: (index: number) => void, explain: (index: number) => void) {
    this.swatches = LAYERS.map((layer, i) => {
      const swatch = element(
        'button',
        { type: 'button', role: 'radio', title: `${layer.sentence}\n${layer.formula}`, 'data-field': layer.id },
        element('kbd', {}, String(i + 1)),
        element('i', { class: 'chip', 'aria-hidden': 'true' }),
        layer.name,
      );
      swatch.addEventListener('click', () => pick(i));
      return swatch;
    });
    const fields = element(
      'span',
      { class: 'fields', role: 'radiogroup', 'aria-label': 'Field shown' },
      ...this.swatches,
    );
    const formula = element(
      'button',
      { type: 'button', class: 'link', 'aria-label': 'Formula of this field' },
      'formula',
    );
    formula.addEventListener('click', () => explain(this.shown));
    const legend = element('span', { class: 'legend' }, this.from, this.gradient, this.to, this.unit, formula);
    this.node = element(
      'nav',
      { class: 'layers', 'aria-label': 'Layers' },
      fields,
      element('span', { class: 'space' }),
      markKeys(),
      legend,
    );
  }

  private shown = 0;

  show(index: number, look: Look): void {
    this.shown = index;
    LAYERS.forEach((layer, i) => {
      const swatch = this.swatches[i];
      swatch.setAttribute('aria-checked', String(i === index));
      const { from, to } = layer.legend;
      const [low, high] = [css(layer.colour(from + (to - from) * 0.2, look)), css(layer.colour(to, look))];
      (swatch.querySelector('.chip') as HTMLElement).style.background =
        `linear-gradient(to right, ${low} 50%, ${high} 50%)`;
    });
    const layer = LAYERS[index];
    this.gradient.style.background = `${ramp(layer, look)}, var(--background)`;
    setText(this.from, endText(layer.legend.from));
    setText(this.to, endText(layer.legend.to));
    setText(this.unit, layer.unit || 'no unit');
    this.gradient.setAttribute(
      'aria-label',
      `${layer.name}: from ${layer.words(layer.legend.from)} to ${layer.words(layer.legend.to)}`,
    );
    this.gradient.title = `${layer.words(layer.legend.from)}  …  ${layer.words(layer.legend.to)}\nFixed scale; the ends saturate`;
  }
}

/** What the marks on the picture mean. */
function markKeys(): HTMLElement {
  const key = (kind: string, colour: string, text: string, title: string) => {
    const sign = element('i', { class: `mark ${kind}`, 'aria-hidden': 'true' });
    if (colour) sign.style.background = colour;
    return element('span', { class: 'key', title }, sign, text);
  };
  return element(
    'span',
    { class: 'marks', 'aria-label': 'Marks' },
    key('hatched', '', 'invalid', 'Hatched: the book of this second cannot be trusted; its fields are not shown'),
    key('line', MARKS.epoch, 'restart', 'Thin line: the book was cleared, rebuilt from a snapshot, or a gap passed'),
    key('dash', MARKS.crossed, 'crossed', 'Dash at the bottom: best bid at or above best ask at some moment'),
    key('dash', MARKS.late, 'late', 'Dash at the bottom: records stamped before their second'),
    key('dash', MARKS.anomaly, 'odd', 'Dash at the bottom: records at odds with the book'),
  );
}
