// The one place for a sentence over the picture: nothing to show yet, and what to do about it.
import { element } from './element';

export class Notice {
  readonly node = element('div', { class: 'notice', role: 'status' });
  private shown = '';

  constructor() {
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
