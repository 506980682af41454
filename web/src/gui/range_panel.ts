// A range dragged with Shift: its rectangle, and what happened in it, by side.

import type { Camera } from '../model/camera';
import { NEW_YORK, nsText, timeOfDay } from '../model/clock';
import { isBucketed, type PriceSteps, pointsText, priceOfTick, quantityName } from '../model/prices';
import type { CatalogSession, Flow } from '../wire/catalog';
import { parseFlow } from '../wire/catalog';
import { fetchBytes } from '../wire/history';
import { button, element, setText } from './element';

export interface Range {
  /** First and last window end, and lowest and highest tick, all inside. */
  first: number;
  last: number;
  low: number;
  high: number;
}

export function flowUrl(base: string, session: CatalogSession, range: Range): string {
  const address = new URL('/v1/flow', base);
  const query = {
    product_type: session.productType,
    symbol: session.symbol,
    dt: session.dt,
    start: nsText(range.first - 1),
    end: nsText(range.last),
    price_low: String(range.low * session.tickInt),
    price_high: String(range.high * session.tickInt),
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address.toString();
}

/** "$4807.00–4810.25"; of buckets from the lower edge of the lowest to the upper edge of the highest, which is what is summed. */
export function pricesText({ low, high }: Pick<Range, 'low' | 'high'>, session: PriceSteps): string {
  const half = isBucketed(session) ? 0.5 : 0;
  const ends = [low - half, high + half].map((tick) => pointsText(priceOfTick(tick, session), session));
  return `$${ends[0]}–${ends[1]}`;
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

export class RangePanel {
  readonly rectangle = element('div', { class: 'range-rectangle', 'aria-hidden': 'true' });
  readonly node = element('section', {
    class: 'range-panel',
    'aria-label': 'What happened in the range',
    'aria-live': 'polite',
  });
  private readonly title = element('div', { class: 'num range-title' });
  private readonly body = element('table', { class: 'num' });
  private readonly foot = element('div', { class: 'faint' });
  private range: Range | null = null;
  private asked = 0;

  constructor() {
    const close = button('×', 'Close  Esc', () => this.clear(), { class: 'close' });
    this.node.append(close, this.title, this.body, this.foot);
    this.clear();
  }

  clear(): void {
    this.range = null;
    this.asked++;
    this.node.hidden = true;
    this.rectangle.hidden = true;
  }

  get isOpen(): boolean {
    return this.range !== null;
  }

  drag(range: Range): void {
    this.range = range;
  }

  /** The rectangle stays on its seconds and prices while the picture moves. */
  place(camera: Camera, now: number | null): void {
    this.rectangle.hidden = this.range === null || now === null;
    if (this.range === null || now === null) return;
    const [left, right] = [camera.pixelOfX(this.range.first - 1 - now), camera.pixelOfX(this.range.last - now)];
    const [top, bottom] = [camera.pixelOfTick(this.range.high + 0.5), camera.pixelOfTick(this.range.low - 0.5)];
    this.rectangle.style.transform = `translate(${left}px, ${top}px)`;
    this.rectangle.style.width = `${Math.max(1, right - left)}px`;
    this.rectangle.style.height = `${Math.max(1, bottom - top)}px`;
  }

  async ask(base: string, session: CatalogSession): Promise<void> {
    const range = this.range;
    if (!range) return;
    const ticket = ++this.asked;
    const times = [range.first - 1, range.last].map((second) => timeOfDay(second, NEW_YORK));
    setText(this.title, `${times[0]}–${times[1]}  ${pricesText(range, session)}`);
    this.node.hidden = false;
    try {
      const text = new TextDecoder().decode(await fetchBytes(flowUrl(base, session, range)));
      if (ticket === this.asked) this.show(parseFlow(JSON.parse(text)), session);
    } catch (error) {
      if (ticket !== this.asked) return;
      this.body.replaceChildren();
      setText(this.foot, error instanceof Error ? error.message : String(error));
    }
  }

  private show(flow: Flow, session: CatalogSession): void {
    const cells = (tag: 'th' | 'td', texts: string[]) =>
      element('tr', {}, ...texts.map((text) => element(tag, {}, text)));
    this.body.replaceChildren(
      cells('th', [quantityName(session.productType), 'bid', 'ask']),
      cells('td', ['added', count(flow.bid.added), count(flow.ask.added)]),
      cells('td', ['pulled', count(flow.bid.pulled), count(flow.ask.pulled)]),
      cells('td', ['filled', count(flow.bid.filled), count(flow.ask.filled)]),
    );
    setText(this.foot, `${count(flow.trades)} trades in ${flow.windows} s, at any price`);
  }
}
