// The row of named swatches that picks the field, and the legend of the one in force.
import { bands } from '../layers/bands';
import { forecast } from '../layers/forecast';
import { gexProfile } from '../layers/gex_profile';
import type { Layer, Look } from '../layers/layer';
import { LAYERS } from '../layers/list';
import { options } from '../layers/options';
import { radar } from '../layers/radar';
import { isBucketed } from '../model/prices';
import type { Scale, ScaleKind } from '../model/scale';
import { whyAbsent } from '../model/surfaces';
import { SHOWN, type ShownName } from '../model/url_state';
import { MARKS } from '../views/ground';
import type { CatalogSession } from '../wire/catalog';
import { button, element, setText } from './element';
import { css, endText, formulaAddress, ramp } from './legend';
import { type OverlayState, OverlayToggle } from './overlay_toggle';

const SCALE_NAMES = { fixed: 'fixed', view: 'percentile' } as const;

function scaleSentence(layer: Layer, kind: ScaleKind): string {
  if (kind === 'fixed') return 'fixed, as specified';
  const ends = layer.legend.from < 0 ? '98th percentile of its size' : '10th to 98th percentile';
  return `${ends} of what is visible`;
}

/** Ends of a scale as text: what is specified as it is, what was measured with three digits. */
function endTexts(layer: Layer, { kind, ends }: Scale): [string, string] {
  const plain = (value: number) => endText(kind === 'fixed' ? value : Number(value.toPrecision(3)));
  const text = layer.endText ?? plain;
  return [text(ends.from), text(ends.to)];
}

/** "3.41 to 4.66 (percentile)": what a kept picture says of its colours. */
export function scaleText(layer: Layer, scale: Scale): string {
  const [from, to] = endTexts(layer, scale);
  return `${from} to ${to}${layer.unit && ` ${layer.unit}`} (${SCALE_NAMES[scale.kind]})`;
}

export class FieldsBar {
  readonly node: HTMLElement;
  private readonly swatches: HTMLButtonElement[];
  private readonly gradient = element('span', { class: 'ramp', role: 'img' });
  private readonly from = element('span', { class: 'num end' });
  private readonly to = element('span', { class: 'num end' });
  private readonly unit = element('span', { class: 'unit' });
  private readonly scale: HTMLButtonElement;
  private readonly formula = element('a', { class: 'link', target: '_blank', rel: 'noopener' }, 'formula');
  private readonly toggles: Record<ShownName, OverlayToggle>;
  private shown = 0;
  private judged = true;
  private shownScale: Scale | null = null;

  constructor(pick: (index: number) => void, scale: () => void, toggle: (name: ShownName) => void) {
    this.scale = button('', 'Scale', scale, { class: 'scale-kind' });
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
    this.toggles = {
      options: new OverlayToggle(options, () => toggle('options')),
      forecast: new OverlayToggle(forecast, () => toggle('forecast')),
      gex: new OverlayToggle(gexProfile, () => toggle('gex')),
      bands: new OverlayToggle(bands, () => toggle('bands')),
      radar: new OverlayToggle(radar, () => toggle('radar')),
    };
    const toggles = SHOWN.map((name) => this.toggles[name].node);
    const fields = element(
      'span',
      { class: 'fields', role: 'radiogroup', 'aria-label': 'Field shown' },
      ...this.swatches,
    );
    const legend = element('span', { class: 'legend' }, this.from, this.gradient, this.to);
    legend.append(this.unit, this.scale, this.formula);
    this.node = element(
      'nav',
      { class: 'layers', 'aria-label': 'Layers' },
      fields,
      element('span', { class: 'overlays', role: 'group', 'aria-label': 'Shown over and beside it' }, ...toggles),
      element('span', { class: 'space' }),
      markKeys(),
      legend,
    );
  }

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
    setText(this.unit, layer.unit || 'no unit');
    this.formula.href = formulaAddress(layer);
    this.formula.title = `${layer.formula}\nWhere it comes from, in the documentation`;
    this.formula.setAttribute('aria-label', `Formula of ${layer.name}, in the documentation`);
    this.shownScale = null;
  }

  /** What lies over the field is on, taken off, or absent; a session of null is not known yet. */
  showSession(session: CatalogSession | null, look: Look & Record<ShownName, boolean>): void {
    this.judged = session === null || !isBucketed(session);
    for (const name of SHOWN) {
      const why = session ? whyNot(name, session) : '';
      const state: OverlayState = why ? 'absent' : look[name] ? 'on' : 'off';
      this.toggles[name].show(session && state, look, why.replaceAll('`', ''));
    }
  }

  /** Whether the session has what a button shows. */
  has(name: ShownName): boolean {
    return !this.toggles[name].node.disabled;
  }

  /** The legend follows the scale as last drawn; called on every drawing, does nothing unless it changed. */
  showScale(look: Look & { scale: ScaleKind }, scale: Scale): void {
    if (scale === this.shownScale || (scale.kind === 'fixed' && this.shownScale?.kind === 'fixed')) return;
    this.shownScale = scale;
    const layer = LAYERS[this.shown];
    const { from, to } = scale.ends;
    this.gradient.style.background = `${ramp(layer, scale.kind === 'view' ? layer.stretch : layer.legend, look)}, var(--background)`;
    const [fromText, toText] = endTexts(layer, scale);
    setText(this.from, fromText);
    setText(this.to, toText);
    this.scale.setAttribute('aria-pressed', String(look.scale === 'view'));
    setText(this.scale, SCALE_NAMES[scale.kind]);
    const name = `Scale: ${scaleSentence(layer, look.scale)}; switch  a`;
    this.scale.title = name;
    this.scale.setAttribute('aria-label', name);
    const [low, high] = [from, to].map((value) => layer.words(value, this.judged));
    const words = `from ${low} to ${high}`;
    this.gradient.setAttribute('aria-label', `${layer.name}: ${words}, ${scaleSentence(layer, scale.kind)}`);
    this.gradient.title = `${low}  …  ${high}\n${scaleSentence(layer, scale.kind)}; the ends saturate`;
  }
}

/** Why a session has not what a button shows; empty: it has. A panel says so itself, and so can be opened. */
function whyNot(name: ShownName, session: CatalogSession): string {
  if (name === 'options') return session.options ? '' : 'No options in this session.';
  return name === 'gex' ? whyAbsent('gex', session) : '';
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
