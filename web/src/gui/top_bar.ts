// The top line: what is looked at, its best prices now, and how fresh and sound it is.
import { pointsText } from '../model/prices';
import type { Playback } from '../playback';
import type { CatalogSession } from '../wire/catalog';
import { button, element, setText } from './element';
import { Picker } from './picker';

export interface TopBarActions {
  pick(session: CatalogSession): void;
  palette(): void;
  theme(): void;
  help(): void;
}

/** Nothing pretends to be live: what is behind says so. */
function paceText({ session, state, connection }: Playback): string {
  const { playing, speed, ended, live } = state;
  if (!session?.live) return ended ? 'replay ended' : playing ? `replay ${speed}x` : 'replay paused';
  if (ended) return 'session over';
  if (live) return connection === 'connected' ? 'live' : 'live, interrupted';
  return playing ? `behind live, ${speed}x` : 'behind live, paused';
}

export class TopBar {
  readonly node: HTMLElement;
  readonly picker: Picker;
  private readonly bid = element('span', { class: 'num bid', title: 'Best bid at the end of this second' });
  private readonly ask = element('span', { class: 'num ask', title: 'Best ask at the end of this second' });
  private readonly spread = element('span', {
    class: 'num spread',
    title: 'Best ask less best bid, in ticks of the market',
  });
  private readonly change = element('span', {
    class: 'num change',
    title: 'Mid less the first mid of the session, in points',
  });
  private readonly book = element('span', { class: 'word book', role: 'status' });
  private readonly pace = element('span', { class: 'word pace' });
  private readonly connection = element('span', { class: 'word connection', role: 'status' });

  constructor(actions: TopBarActions) {
    this.picker = new Picker((session) => actions.pick(session));
    const quote = element('span', { class: 'quote' }, this.bid, element('span', { class: 'faint' }, '/'), this.ask);
    const tools = element(
      'span',
      { class: 'tools' },
      button('◐', 'Light or dark', () => actions.theme()),
      button('◍', 'Colour-blind-safe colours', () => actions.palette(), { class: 'palette', 'aria-pressed': 'false' }),
      button('?', 'All keys  ?', () => actions.help()),
    );
    const { symbol, date } = this.picker;
    this.node = element('header', { class: 'top' }, symbol, date, quote, this.spread, this.change);
    this.node.append(element('span', { class: 'space' }), this.book, this.pace, this.connection, tools);
  }

  setSafe(safe: boolean): void {
    this.node.querySelector('.palette')?.setAttribute('aria-pressed', String(safe));
  }

  update(playback: Playback): void {
    const { snapshots, session, now } = playback;
    const row = now === null ? -1 : snapshots.rowOf(now);
    const c = snapshots.columns;
    const [bid, ask] = row < 0 ? [0, 0] : [c.bidPriceInt[row], c.askPriceInt[row]];
    const points = (priceInt: number) => (session && priceInt > 0 ? pointsText(priceInt / 1e9, session) : '–');
    setText(this.bid, points(bid));
    setText(this.ask, points(ask));
    const ticks = session && bid > 0 && ask > 0 ? Math.round((ask - bid) / session.priceIncrementInt) : null;
    setText(this.spread, `spread ${ticks ?? '–'}`);
    const mid = playback.snap?.mid ?? 0;
    const base = snapshots.firstMid();
    const change = mid > 0 && base > 0 ? mid - base : null;
    setText(
      this.change,
      change === null || !session
        ? '–'
        : `${change > 0 ? '+' : change < 0 ? '−' : ''}${pointsText(Math.abs(change), session)}`,
    );
    this.change.dataset.sign = change === null || change === 0 ? '' : change > 0 ? 'up' : 'down';
    const valid = playback.snap?.bookValid;
    setText(this.book, valid === undefined ? '' : valid ? 'book ok' : 'book invalid');
    this.book.dataset.bad = String(valid === false);
    const where = paceText(playback);
    setText(this.pace, session?.source === 'simulated' ? `simulated · ${where}` : where);
    this.pace.dataset.live = String(playback.state.live && playback.connection === 'connected');
    this.connectionWord(playback);
  }

  /** Of a live session it is said whose connection is meant: there are two. */
  connectionWord(playback: Pick<Playback, 'connection' | 'detail' | 'session'>): void {
    setText(this.connection, `${playback.session?.live ? 'server ' : ''}${playback.connection}`);
    this.connection.dataset.state = playback.connection;
    this.connection.title = playback.detail || 'State of the connection to the server';
  }
}
