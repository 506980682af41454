// Futures and equities of the prepared lake with their options, on the real server: what is drawn is what /v1/options.arrow and the
// snapshots say. Skipped, and said so, on a lake without them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { options as layer } from '../src/layers/options';
import { barOf, strikeOf } from '../src/model/strikes';
import { rootOf } from '../src/wire/named_session';
import { keepScreenshot, openPage, settled } from './harness';
import { LakeSession, productsOfLake } from './lake_session';
import { expectColour, hover, over, pixelsOf, waitForNow } from './seen';
import { optionsRows } from './truth';

const held = await productsOfLake();

describe.each(['future_mbo', 'equity_mbo'])('%s', (productType) => {
  const ofProduct = held.filter((session) => session.productType === productType);
  const withOptions = ofProduct.some((session) => session.options);
  const lake = new LakeSession(productType);
  beforeAll(async () => {
    if (ofProduct.length > 0) await lake.start();
  });
  afterAll(() => lake.stop());

  it.skipIf(!withOptions)('has the bars of its options where the data say', async () => {
    const { session, server } = lake;
    const now = lake.quietSecond();
    const { context, page, complaints } = await lake.openAt(now, '&options=1&field=velocity&scale=fixed');
    const { bottom, top } = await page.evaluate(() => {
      const { bottom, top } = window.__spymaster!.picture.camera;
      return { bottom, top };
    });
    const step = session.options!.stepTicks;
    const bars = (await optionsRows(server.url, session, now - 40, now))
      .map((row) => ({ ...row, strike: strikeOf(row.spotTick + row.rel, step) }))
      .map((row) => ({ ...row, ...barOf(row.strike, row.spotTick, step) }))
      .filter(({ low, high, spotTick }) => low > bottom && high < top && (low > spotTick || high < spotTick))
      .map((row) => ({ ...row, tick: (row.low + row.high) / 2 }));
    expect(bars.filter(({ value }) => Math.abs(value) > 0.05).length, 'bars that show').toBeGreaterThan(5);
    const shown = await pixelsOf(page, bars);
    await page.keyboard.press('o');
    await page.waitForFunction(() => !window.__spymaster!.picture.look.options);
    const bare = await pixelsOf(page, bars);
    for (const [i, { second, strike, value }] of bars.entries()) {
      const ground = bare[i].map((part) => part / 255);
      const want = over(layer.colour(value, { safe: false, light: false }), ground);
      expectColour(shown[i], want, `${second}, strike ${strike}: ${value}`);
    }
    await page.keyboard.press('o');
    const said = bars.find(({ value, second }) => Math.abs(value) > 0.05 && second > now - 30)!;
    const words = `${said.value > 0 ? 'growing' : 'shrinking'} ${Math.abs(Math.fround(said.value)).toFixed(2)}/s`;
    expect(await hover(page, said)).toContain(words);
    await keepScreenshot(page, `options-${productType}`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.skipIf(ofProduct.length === 0)(
    'has its line at its own price, and its spread in ticks of the market',
    async () => {
      const { session } = lake;
      const now = lake.quietSecond();
      const { context, page } = await lake.openAt(now);
      const bySecond = new Map(lake.quality.map((q) => [q.second, q]));
      if (session.priceIncrementInt < session.tickInt) {
        const mids = [now - 12, now - 9, now - 6, now - 3].map((second) => ({
          second,
          tick: (bySecond.get(second)!.mid * 1e9) / session.tickInt,
          next: (bySecond.get(second - 1)!.mid * 1e9) / session.tickInt,
        }));
        // In the middle of its second the line is half way from the mid before.
        const places = mids.map(({ second, tick, next }) => ({ second, tick: (tick + next) / 2 }));
        for (const [i, colour] of (await pixelsOf(page, places)).entries())
          expect(colour[2] > 180 && colour[1] > 150, `mid of ${mids[i].second}: ${colour}`).toBe(true);
        expect(await page.textContent('.line-name')).toBe('mid');
      } else expect(await page.textContent('.line-name')).toBe('spot ref');
      const { bid, ask } = bySecond.get(now)!;
      expect(await page.textContent('.spread')).toBe(`spread ${Math.round((ask - bid) / session.priceIncrementInt)}`);
      await keepScreenshot(page, productType);
      await context.close();
    },
  );
});

describe('the picker', () => {
  const both = ['future_mbo', 'equity_mbo'].every((product) => held.some(({ productType }) => productType === product));
  const lake = new LakeSession('future_mbo');
  beforeAll(async () => {
    if (both) await lake.start();
  });
  afterAll(() => lake.stop());

  it.skipIf(!both)('leads to an equity, and a reload stays there', async () => {
    const { context, page } = await lake.openAt(lake.quietSecond());
    const equity = held.find(({ productType }) => productType === 'equity_mbo')!;
    await page.selectOption('select[aria-label="Symbol"]', `equity_mbo/${equity.symbol}`);
    await settled(page);
    await page.waitForFunction(
      (symbol) => location.search.includes(`product=equity_mbo&symbol=${symbol}`),
      equity.symbol,
    );
    await page.reload();
    await settled(page);
    await waitForNow(page, await page.evaluate(() => window.__spymaster!.playback.now!));
    expect(await page.evaluate(() => window.__spymaster!.playback.session?.tickInt)).toBe(equity.tickInt);
    await context.close();
  });
});

describe('the address', () => {
  const there = held.some(({ productType }) => productType === 'future_mbo');
  const lake = new LakeSession('future_mbo');
  beforeAll(async () => {
    if (there) await lake.start();
  });
  afterAll(() => lake.stop());

  it.skipIf(!there)('takes a root for the contract the server takes, and says what is not there', async () => {
    const { server, session, browser } = lake;
    const root = rootOf(session.symbol);
    const asked = await fetch(`${server.url}/v1/flow?symbol=${root}&dt=${session.dt}&start=0&end=0`);
    const { symbol } = (await asked.json()) as { symbol?: string };
    const { context, page, complaints } = await openPage(browser, `${server.url}/?symbol=${root}&dt=${session.dt}`);
    await settled(page);
    if (symbol) expect(await page.evaluate(() => window.__spymaster!.playback.session?.symbol)).toBe(symbol);
    expect(await page.locator('.remark').isVisible()).toBe(!symbol);
    await page.goto(`${server.url}/?symbol=NOPE`);
    await settled(page);
    expect(await page.textContent('.remark')).toBe('NOPE is not in the lake. This is the newest session.');
    await page.keyboard.press('Escape');
    expect(await page.locator('.remark').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.skipIf(!there)('leaves nothing cut off in the narrowest window, whatever the words', async () => {
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond()), {
      width: 1024,
      height: 700,
    });
    await settled(page);
    for (const width of [1024, 1121, 1251, 1431, 1521, 1641]) {
      await page.setViewportSize({ width, height: 700 });
      const cut = await page.evaluate(() => {
        const word = (name: string, text: string) => {
          (document.querySelector(`.${name}`) as HTMLElement).textContent = text;
        };
        word('book', 'book invalid');
        word('pace', 'simulated · replay paused');
        word('connection', 'reconnecting');
        const date = document.querySelector('select.date') as HTMLSelectElement;
        const context = document.createElement('canvas').getContext('2d')!;
        context.font = getComputedStyle(date).font;
        const short = context.measureText(date.selectedOptions[0].text).width + 16 > date.clientWidth;
        const lines = ['.top', '.layers', '.transport'].filter((line) => {
          const { scrollWidth, clientWidth } = document.querySelector(line) as HTMLElement;
          return scrollWidth > clientWidth;
        });
        return short ? [...lines, 'date'] : lines;
      });
      expect(cut, `${width} pixels wide`).toEqual([]);
    }
    await context.close();
  });
});
