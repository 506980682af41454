// The heading of a panel beside the picture: its name and key, the way to its formulas, and what closes it.
import type { Look, PanelLayer } from '../layers/layer';
import { button, element } from './element';
import { formulaAddress } from './legend';

/** Colours of what panels draw. */
export interface PanelStyle {
  line: string;
  zero: string;
  ground: string;
  /** Of a second that cannot be trusted. */
  hatch: string;
}

const STYLES: Record<'dark' | 'light', PanelStyle> = {
  dark: { line: '#7fd4ee', zero: '#2a2a36', ground: '#101018', hatch: '#4a4a58' },
  light: { line: '#00698c', zero: '#d0d0ca', ground: '#ffffff', hatch: '#b0b0aa' },
};

export const panelStyle = ({ light }: Pick<Look, 'light'>): PanelStyle => STYLES[light ? 'light' : 'dark'];

export function panelHead(layer: PanelLayer, close: () => void, ...more: Node[]): HTMLElement {
  const formula = element(
    'a',
    { class: 'link', target: '_blank', rel: 'noopener', href: formulaAddress(layer) },
    'formula',
  );
  formula.title = `${layer.formula}\nWhere it comes from, in the documentation`;
  formula.setAttribute('aria-label', `Formulas of ${layer.name}, in the documentation`);
  const name = element('h2', { title: layer.sentence }, layer.name, ' ', element('kbd', {}, layer.key));
  const shut = button('×', `Close ${layer.name}  ${layer.key}`, close, { class: 'shut' });
  return element('header', { class: 'panel-head' }, name, ...more, element('span', { class: 'space' }), formula, shut);
}
