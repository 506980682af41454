// A sentence over the picture: in its middle when there is nothing to show yet, and what to do about it; at its top when what is
// shown is not what was asked for.
import { element } from './element';

export class Notice {
  readonly node: HTMLElement;
  private shown = '';

  constructor(kind: 'notice' | 'remark' | 'absence' | 'none') {
    this.node = element('div', { class: kind, role: 'status' });
    this.node.hidden = true;
  }

  /** Words between backticks are shown as a command. Empty text: nothing is shown. */
  show(text: string): void {
    if (text === this.shown) return;
    this.shown = text;
    this.node.hidden = text === '';
    this.node.replaceChildren(...text.split('`').map((part, i) => (i % 2 === 1 ? element('code', {}, part) : part)));
  }
}
