// Symbol and date: two lists of what the lake holds, symbols under their product, dates with their hours under whether they have
// options and where they are from.
import type { CatalogSession, ProductType } from '../wire/catalog';
import { element } from './element';

const PRODUCT_NAMES: Record<ProductType, string> = { future_mbo: 'Futures', equity_mbo: 'Equities' };

const keyOf = ({ productType, symbol }: CatalogSession): string => `${productType}/${symbol}`;

/** "2026-01-06 09:30-09:40": what the closed list shows, so no longer than must be. */
export function sessionText(entry: CatalogSession): string {
  const { date, session, live, over } = entry;
  if (live) return `${over ? '□ live, over' : '● live'} ${date}`;
  return `${date}${session && ` ${session}`}${isStale(entry) ? ' · stale' : ''}`;
}

/** Whether it, or its options, no longer follow from what the lake holds. */
const isStale = ({ fresh, options }: CatalogSession): boolean => !(fresh && (options?.fresh ?? true));

/** "with options, simulated": the heading in the list over the dates of which it is true. */
export const kindText = ({ options, source, live, over }: CatalogSession): string =>
  `${live ? (over ? 'live, over, ' : 'live, ') : ''}${options ? 'with options' : 'no options'}, ${source === 'simulated' ? 'simulated' : 'real'}`;

/** Neighbours of the same kind under one heading; the order stays. */
export function byKind(sessions: readonly CatalogSession[]): { kind: string; sessions: CatalogSession[] }[] {
  const groups: { kind: string; sessions: CatalogSession[] }[] = [];
  for (const session of sessions) {
    const kind = kindText(session);
    if (groups.at(-1)?.kind !== kind) groups.push({ kind, sessions: [] });
    groups.at(-1)?.sessions.push(session);
  }
  return groups;
}

export class Picker {
  readonly symbol = element('select', { 'aria-label': 'Symbol', title: 'Symbol  /' });
  readonly date = element('select', { class: 'date', 'aria-label': 'Date', title: 'Session date  /' });
  private catalog: CatalogSession[] = [];
  private later: (() => void) | null = null;

  constructor(private readonly pick: (session: CatalogSession) => void) {
    this.symbol.addEventListener('change', () => {
      this.setDates();
      this.chosen();
    });
    this.date.addEventListener('change', () => this.chosen());
    for (const list of [this.symbol, this.date]) list.addEventListener('blur', () => this.later?.());
  }

  /** The catalogue as it is by now; a list that is being used is left alone until then. */
  renew(catalog: CatalogSession[], chosen: CatalogSession): void {
    this.later = () => this.setCatalog(catalog, chosen);
    const { activeElement } = document;
    if (activeElement !== this.symbol && activeElement !== this.date) this.later();
  }

  /** The symbols and dates there are, and which of them is looked at. */
  setCatalog(catalog: CatalogSession[], chosen: CatalogSession): void {
    this.catalog = catalog;
    this.later = null;
    const groups = [...new Set(catalog.map((session) => session.productType))].map((product) => {
      const name = PRODUCT_NAMES[product];
      const ofProduct = catalog.filter((session) => session.productType === product);
      const symbols = new Map(ofProduct.map((session) => [keyOf(session), session.symbol]));
      const live = new Set(ofProduct.filter(({ live, over }) => live && !over).map(keyOf));
      const options = [...symbols].map(([value, symbol]) =>
        element('option', { value }, `${symbol} ${name.toLowerCase()}${live.has(value) ? ' · live' : ''}`),
      );
      return element('optgroup', { label: name }, ...options);
    });
    this.symbol.replaceChildren(...groups);
    this.symbol.value = keyOf(chosen);
    this.setDates();
    this.date.value = chosen.dt;
    this.date.dataset.stale = String(isStale(chosen));
    this.date.title = `Session date  /\n${kindText(chosen)}${isStale(chosen) ? '; stale: what it was made of has changed since' : ''}`;
  }

  focus(): void {
    this.symbol.focus();
    // Opens the list where the browser allows it; the focus alone is enough otherwise.
    try {
      this.symbol.showPicker();
    } catch {
      return;
    }
  }

  private get ofSymbol(): CatalogSession[] {
    return this.catalog.filter((session) => keyOf(session) === this.symbol.value);
  }

  private setDates(): void {
    const groups = byKind(this.ofSymbol).map(({ kind, sessions }) => {
      const dates = sessions.map((session) => element('option', { value: session.dt }, sessionText(session)));
      return element('optgroup', { label: kind }, ...dates);
    });
    this.date.replaceChildren(...groups);
  }

  private chosen(): void {
    const session = this.ofSymbol.find(({ dt }) => dt === this.date.value);
    if (session) this.pick(session);
  }
}
