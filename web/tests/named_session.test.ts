// What an address means, and what a person is told where it means nothing that is there.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { zoomText } from '../src/gui/hud';
import { byKind, sessionText } from '../src/gui/picker';
import { pricesText } from '../src/gui/range_panel';
import type { CatalogSession } from '../src/wire/catalog';
import { rootOf, sessionNamed } from '../src/wire/named_session';

const session = (symbol: string, dt: string, change: Partial<CatalogSession> = {}): CatalogSession => ({
  productType: 'future_mbo',
  symbol,
  dt,
  live: false,
  over: false,
  date: dt,
  first: 1_767_709_800,
  last: 1_767_710_400,
  tickInt: 250_000_000,
  priceIncrementInt: 250_000_000,
  halfWidthTicks: 200,
  session: '09:30-09:40',
  source: 'simulated',
  fresh: true,
  options: null,
  surfaces: [],
  normCalibration: null,
  ...change,
});
const SPY = session('SPY', '2026-01-06', {
  productType: 'equity_mbo',
  tickInt: 500_000_000,
  priceIncrementInt: 10_000_000,
});
const CATALOG = [session('ESH6', '2026-01-06'), session('ESM6', '2026-01-06'), SPY, session('ESZ5', '2025-12-01')];
const BASE = 'http://127.0.0.1:1';

describe('the session of an address', () => {
  afterEach(() => vi.unstubAllGlobals());
  const serverSays = (answer: unknown) => {
    const asked: URL[] = [];
    vi.stubGlobal('fetch', async (address: URL) => {
      asked.push(address);
      return { json: async () => answer };
    });
    return asked;
  };

  it('is the newest without a name, and the one named with it', async () => {
    expect(await sessionNamed(BASE, CATALOG, {})).toEqual({ session: CATALOG[0], remark: '' });
    expect((await sessionNamed(BASE, CATALOG, { symbol: 'ESZ5' })).session).toBe(CATALOG[3]);
    expect((await sessionNamed(BASE, CATALOG, { product: 'equity_mbo', symbol: 'SPY' })).session).toBe(SPY);
  });

  it('takes for a root the contract that the server takes', async () => {
    const asked = serverSays({ product_type: 'future_mbo', symbol: 'ESM6', dt: '2026-01-06' });
    expect(await sessionNamed(BASE, CATALOG, { symbol: 'ES' })).toEqual({ session: CATALOG[1], remark: '' });
    expect(asked[0].search).toContain('symbol=ES&dt=2026-01-06');
    serverSays({ symbol: 'ESZ5' });
    expect((await sessionNamed(BASE, CATALOG, { symbol: 'ES', dt: '2025-12-01' })).session).toBe(CATALOG[3]);
  });

  it('says why it is another one', async () => {
    serverSays({ error: 'ES on 2026-01-06 is one of ESH6, ESM6' });
    const root = await sessionNamed(BASE, CATALOG, { symbol: 'ES' });
    expect(root.session).toBe(CATALOG[0]);
    expect(root.remark).toBe('ES on 2026-01-06 is one of ESH6, ESM6. This is the newest session.');
    const asked = serverSays({});
    const absent = await sessionNamed(BASE, CATALOG, { symbol: 'NQ', dt: '2026-01-06' });
    expect(absent.remark).toBe('NQ 2026-01-06 is not in the lake. This is the newest session.');
    expect(asked).toEqual([]);
  });

  it('knows a contract by its month letter and year', () => {
    expect(['ESH6', 'ESZ25', 'SPY', 'ES', 'ESH123', 'H6', 'ESA6'].map(rootOf)).toEqual([
      'ES',
      'ES',
      'SPY',
      'ES',
      'ESH123',
      'H6',
      'ESA6',
    ]);
  });
});

describe('the list of dates', () => {
  it('is short, and says above the dates what they are', () => {
    const options = { productType: 'x', stepTicks: 20, halfWidthTicks: 200, windowCount: 1, fresh: false };
    const days = [
      session('ESH6', '2026-01-07', { options }),
      session('ESH6', '2026-01-06'),
      session('ESH6', '2026-01-05'),
    ];
    expect(days.map(sessionText)).toEqual([
      '2026-01-07 09:30-09:40 · stale',
      '2026-01-06 09:30-09:40',
      '2026-01-05 09:30-09:40',
    ]);
    expect(byKind(days).map(({ kind, sessions }) => [kind, sessions.length])).toEqual([
      ['with options, simulated', 1],
      ['no options, simulated', 2],
    ]);
  });
});

describe('readings', () => {
  it('name the prices of a range that are summed: of buckets their outer edges', () => {
    expect(pricesText({ low: 27_788, high: 27_818 }, CATALOG[0])).toBe('$6947.00–6954.50');
    expect(pricesText({ low: 1381, high: 1385 }, SPY)).toBe('$690.25–692.75');
  });

  it('never say a zoom of 0', () => {
    expect([1, 8.333, 0.25, 0.1, 0.034].map(zoomText)).toEqual(['1.0x', '8.3x', '0.3x', '0.1x', '0.03x']);
  });
});
