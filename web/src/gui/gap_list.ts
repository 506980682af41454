// The gaps of a live session, newest first, on a button; each leads to where it is.
import { type FeedGap, gapWords } from '../model/feed';
import { element, setText } from './element';

export class GapList {
  readonly button = element('button', { type: 'button', class: 'gap-count', popovertarget: 'gap-list' }, 'no gaps');
  readonly node = element('div', {
    id: 'gap-list',
    class: 'gap-list num',
    popover: 'auto',
    'aria-label': 'Gaps in the feed',
  });
  private shown: string | null = null;

  constructor(private readonly go: (gap: FeedGap) => void) {
    this.node.addEventListener('toggle', () => {
      const { left, bottom } = this.button.getBoundingClientRect();
      const room = window.innerWidth - this.node.offsetWidth - 8;
      this.node.style.left = `${Math.max(8, Math.min(left, room))}px`;
      this.node.style.top = `${bottom + 4}px`;
    });
  }

  /** `edge`: where one that goes on has got to. */
  update(gaps: readonly FeedGap[], edge: number): void {
    const texts = gaps.map((gap) => gapWords(gap, edge));
    const key = texts.join('\n');
    if (key === this.shown) return;
    this.shown = key;
    setText(this.button, gaps.length === 0 ? 'no gaps' : `${gaps.length} gap${gaps.length === 1 ? '' : 's'} ▾`);
    this.button.disabled = gaps.length === 0;
    this.button.dataset.any = String(gaps.length > 0);
    this.button.title =
      gaps.length === 0 ? 'Nothing is missing of this session' : 'Gaps in the feed: list, to go there';
    const entries = gaps.map((gap, i) => {
      const entry = element('button', { type: 'button', title: 'Go there' }, texts[i]);
      entry.addEventListener('click', () => {
        this.node.hidePopover();
        this.go(gap);
      });
      return entry;
    });
    this.node.replaceChildren(...entries.reverse());
  }
}
