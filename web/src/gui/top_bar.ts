// The top line: what is looked at, its best prices now, and how fresh and sound it is.
import type { Playback } from '../playback';
import type { CatalogSession } from '../wire/catalog';
import { button, element, setText } from './element';

export interface TopBarActions {
  pick(symbol: string, dt: string): void;
  palette(): void;
  theme(): void;
  help(): void;
}

const points = (priceInt: number): string => (priceInt > 0 ? (priceInt / 1e9).toFixed(2) : '–');

export class TopBar {
  readonly node: HTMLElement;
  private readonly symbol = element('select', { 'aria-label': 'Symbol', title: 'Symbol  /' });
  private readonly date = element('select', { 'aria-label': 'Date', title: 'Session date  /' });
  private readonly bid = element('span', { class: 'num bid', title: 'Best bid at the end of this second' });
  private readonly ask = element('span', { class: 'num ask', title: 'Best ask at the end of this second' });
  private readonly spread = element('span', { class: 'num spread', title: 'Best ask less best bid, in ticks' });
  private readonly change = element('span', {
    class: 'num change',
    title: 'Mid less the first mid of the session, in points',
  });
  private readonly book = element('span', { class: 'word book', role: 'status' });
  private readonly pace = element('span', { class: 'word pace' });
  private readonly connection = element('span', { class: 'word connection', role: 'status' });
  private catalog: CatalogSession[] = [];

  constructor(private readonly actions: TopBarActions) {
    this.symbol.addEventListener('change', () => this.pickSymbol());
    this.date.addEventListener('change', () => actions.pick(this.symbol.value, this.date.value));
    const quote = element('span', { class: 'quote' }, this.bid, element('span', { class: 'faint' }, '/'), this.ask);
    const tools = element(
      'span',
      { class: 'tools' },
      button('◐', 'Light or dark', () => actions.theme()),
      button('◍', 'Colour-blind-safe colours', () => actions.palette(), { class: 'palette', 'aria-pressed': 'false' }),
      button('?', 'All keys  ?', () => actions.help()),
    );
    this.node = element('header', { class: 'top' }, this.symbol, this.date, quote, this.spread, this.change);
    this.node.append(element('span', { class: 'space' }), this.book, this.pace, this.connection, tools);
  }

  /** The symbols and dates there are; keeps what is chosen. */
  setCatalog(catalog: CatalogSession[], chosen: CatalogSession): void {
    this.catalog = catalog;
    const symbols = [...new Set(catalog.map((session) => session.symbol))];
    this.symbol.replaceChildren(...symbols.map((name) => element('option', { value: name }, name)));
    this.symbol.value = chosen.symbol;
    this.setDates(chosen.symbol, chosen.dt);
  }

  focusPicker(): void {
    this.symbol.focus();
    // Opens the list where the browser allows it; the focus alone is enough otherwise.
    try {
      this.symbol.showPicker();
    } catch {
      return;
    }
  }

  setSafe(safe: boolean): void {
    this.node.querySelector('.palette')?.setAttribute('aria-pressed', String(safe));
  }

  update(playback: Playback): void {
    const { snapshots, session, now } = playback;
    const row = now === null ? -1 : snapshots.rowOf(now);
    const c = snapshots.columns;
    const [bid, ask] = row < 0 ? [0, 0] : [c.bidPriceInt[row], c.askPriceInt[row]];
    setText(this.bid, points(bid));
    setText(this.ask, points(ask));
    const ticks = session && bid > 0 && ask > 0 ? Math.round((ask - bid) / session.tickInt) : null;
    setText(this.spread, `spread ${ticks ?? '–'}`);
    const mid = playback.snap?.mid ?? 0;
    const base = snapshots.firstMid();
    const change = mid > 0 && base > 0 ? mid - base : null;
    setText(
      this.change,
      change === null ? '–' : `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change).toFixed(2)}`,
    );
    this.change.dataset.sign = change === null || change === 0 ? '' : change > 0 ? 'up' : 'down';
    const valid = playback.snap?.bookValid;
    setText(this.book, valid === undefined ? '' : valid ? 'book ok' : 'book invalid');
    this.book.dataset.bad = String(valid === false);
    const { playing, speed, ended } = playback.state;
    const where = ended ? 'replay ended' : playing ? `replay ${speed}x` : 'replay paused';
    setText(this.pace, session?.source === 'simulated' ? `simulated · ${where}` : where);
    this.connectionWord(playback);
  }

  connectionWord(playback: Pick<Playback, 'connection' | 'detail'>): void {
    setText(this.connection, playback.connection);
    this.connection.dataset.state = playback.connection;
    this.connection.title = playback.detail || 'State of the connection to the server';
  }

  private setDates(symbol: string, dt?: string): void {
    const sessions = this.catalog.filter((session) => session.symbol === symbol);
    const text = (session: CatalogSession) =>
      `${session.dt}${session.session ? `  ${session.session}` : ''}${session.fresh ? '' : '  (stale)'}`;
    this.date.replaceChildren(...sessions.map((session) => element('option', { value: session.dt }, text(session))));
    if (dt) this.date.value = dt;
  }

  private pickSymbol(): void {
    this.setDates(this.symbol.value);
    this.actions.pick(this.symbol.value, this.date.value);
  }
}
