// The button of what can be shown and taken off: options, forecast, gamma exposure, bands, radar.
import type { Look, Overlay, PanelLayer } from '../layers/layer';
import { button, element, setText } from './element';
import { css } from './legend';

export type OverlayState = 'on' | 'off' | 'absent';

const SAID: Record<OverlayState, string> = {
  on: 'shown; take off',
  off: 'taken off; show',
  absent: 'this session has none',
};

export class OverlayToggle {
  readonly node: HTMLButtonElement;
  private readonly chip = element('i', { class: 'chip', 'aria-hidden': 'true' });
  private readonly text = element('span');

  constructor(
    private readonly overlay: Overlay | PanelLayer,
    toggle: () => void,
  ) {
    this.node = button('', `${overlay.name}  ${overlay.key}`, toggle, { class: 'overlay', 'data-overlay': overlay.id });
    this.node.append(element('kbd', {}, overlay.key), this.chip, this.text);
  }

  /** Null: not known yet. */
  show(state: OverlayState | null, look: Look, why = ''): void {
    const { overlay, node } = this;
    node.hidden = state === null;
    if (state === null) return;
    const { from, to } = overlay.legend;
    const [low, high] = [from, to].map((value) => css(overlay.colour(value, look)));
    this.chip.style.background = `linear-gradient(to right, ${low} 50%, ${high} 50%)`;
    setText(this.text, state === 'absent' ? overlay.absent : state === 'on' ? overlay.name : `${overlay.name} off`);
    node.disabled = state === 'absent';
    node.dataset.state = state;
    node.setAttribute('aria-pressed', String(state === 'on'));
    node.setAttribute('aria-label', `${overlay.name}: ${SAID[state]}  ${overlay.key}`);
    node.title = [overlay.sentence, overlay.formula, `${SAID[state]}  ${overlay.key}`, why].filter(Boolean).join('\n');
  }
}
