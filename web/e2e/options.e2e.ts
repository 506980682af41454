// Options and equities on a market made by formula: every bar where the specification puts it, every price in its own steps.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Look } from '../src/layers/layer';
import { options } from '../src/layers/options';
import { isoText } from '../src/model/clock';
import { barOf } from '../src/model/strikes';
import { DARK, LIGHT } from '../src/views/ground';
import { keepScreenshot, openPage, settled, useStage, webFolder } from './harness';
import { DATE, EQUITY, FUTURE, type MadeSession, span, strikeValue } from './made_market';
import { startMadeServer } from './made_server';
import { expectColour, hover, over, pixelsOf, waitForNow } from './seen';

const stage = useStage(() => startMadeServer(webFolder));

const NOW = span.first + 150;
const address = (session: MadeSession, more = '') =>
  `${stage.server.url}/?product=${session.productType}&symbol=${session.symbol}&dt=${DATE}&t=${isoText(NOW)}&paused=1${more}`;

async function opened(session: MadeSession, more = '') {
  const { context, page, complaints } = await openPage(stage.browser, address(session, more));
  await settled(page);
  await waitForNow(page, NOW);
  return { context, page, complaints };
}

const SPECIFIED: Look = { safe: false, light: false };

/** Middles of the bars of the strikes around spot, and the same distance on the other side of their line. */
function bars(session: MadeSession, second: number, strikes: number[]) {
  const step = session.options!.stepTicks;
  return strikes.map((strike) => {
    const { low, high } = barOf(strike, session.spotTick(second), step);
    const middle = (low + high) / 2;
    return { second, strike, value: strikeValue(strike, step), tick: middle, opposite: 2 * strike - middle };
  });
}

async function expectBars(page: Page, session: MadeSession, second: number, strikes: number[], look = SPECIFIED) {
  const ground = (look.light ? LIGHT : DARK).background;
  const expected = bars(session, second, strikes);
  const drawn = await pixelsOf(page, expected);
  const opposite = await pixelsOf(
    page,
    expected.map(({ second: at, opposite: tick }) => ({ second: at, tick })),
  );
  for (const [i, { strike, value }] of expected.entries()) {
    const what = `strike ${strike}, ${value}, spot ${session.spotTick(second)}, ${JSON.stringify(look)}`;
    expectColour(drawn[i], over(options.colour(value, look), ground), what);
    expectColour(opposite[i], over([0, 0, 0, 0], ground), `other side of ${what}`);
  }
}

describe('bars of the options', () => {
  it('stand above the strikes over spot and below those under it, in every second at its own spot', async () => {
    const { context, page, complaints } = await opened(FUTURE);
    const strikes = [27_780, 27_800, 27_840, 27_860];
    for (const second of [NOW, NOW - 30, NOW - 55]) await expectBars(page, FUTURE, second, strikes);
    // The strike that spot stands on either side of, in turn, more than a tick off.
    const seconds = Array.from({ length: 110 }, (_, i) => NOW - i);
    const inside = (second: number) =>
      [-2, 0, 2].every((by) => FUTURE.spotTick(second + by) === FUTURE.spotTick(second));
    for (const spot of [27_817, 27_823]) {
      const second = seconds.find((at) => FUTURE.spotTick(at) === spot && inside(at));
      if (second === undefined) throw new Error(`the made market is not at ${spot}`);
      const [{ value, tick }] = bars(FUTURE, second, [27_820]);
      expect(tick > 27_820).toBe(spot < 27_820);
      const beyondGlow = { second, tick: tick + Math.sign(tick - 27_820) * 0.5 };
      expectColour(
        (await pixelsOf(page, [beyondGlow]))[0],
        over(options.colour(value, SPECIFIED), DARK.background),
        `${spot}`,
      );
    }
    await keepScreenshot(page, 'made-options');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('stands around the strike that is spot', async () => {
    const { context, page } = await opened(FUTURE);
    const second = Array.from({ length: 140 }, (_, i) => NOW - i).find((at) =>
      [-2, 0, 2].every((by) => FUTURE.spotTick(at + by) === 27_820),
    )!;
    const bar = over(options.colour(strikeValue(27_820, 20), SPECIFIED), DARK.background);
    const places = [2.4, -2.4, 4.6, -4.6].map((by) => ({ second, tick: 27_820 + by }));
    const drawn = await pixelsOf(page, places);
    expectColour(drawn[0], bar, 'upper half');
    expectColour(drawn[1], bar, 'lower half');
    expect(drawn[2]).toEqual(drawn[3]);
    expectColour(drawn[2], over([0, 0, 0, 0], DARK.background), 'beyond its ends');
    await context.close();
  });

  it('fades towards its ends', async () => {
    const { context, page } = await opened(FUTURE, '&zoom=1,4');
    const strike = [27_800, 27_840].find((at) => Math.abs(strikeValue(at, 20)) > 1)!;
    const [{ tick, value }] = bars(FUTURE, NOW, [strike]);
    await page.evaluate((centre) => window.__spymaster!.picture.camera.place(centre, 0), tick);
    const t = (3.5 - 2.8) / (4 - 2.8);
    const [r, g, b, a] = options.colour(value, SPECIFIED);
    const drawn = await pixelsOf(
      page,
      [2.5, 3.5].map((by) => ({ second: NOW - 2, tick: tick + by })),
    );
    expectColour(drawn[0], over([r, g, b, a], DARK.background), 'full');
    const faded = over([r, g, b, a * (1 - t * t * (3 - 2 * t))], DARK.background);
    const away = Math.max(...drawn[1].map((got, i) => Math.abs(got - faded[i])));
    expect(away, `${drawn[1]} for ${faded}`).toBeLessThanOrEqual(8);
    await context.close();
  });

  it('are scaled to the strikes of an equity, half a dollar a row', async () => {
    const { context, page, complaints } = await opened(EQUITY);
    for (const second of [NOW, NOW - 35]) await expectBars(page, EQUITY, second, [956, 958, 964, 966]);
    await keepScreenshot(page, 'made-equity');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('have every palette', async () => {
    const { context, page } = await opened(FUTURE);
    const looks = [
      ['p', { safe: true, light: false }],
      ['t', { safe: true, light: true }],
      ['p', { safe: false, light: true }],
    ] as const;
    for (const [key, look] of looks) {
      await page.keyboard.press(key);
      await expectBars(page, FUTURE, NOW - 3, [27_780, 27_840, 27_860], look);
    }
    await context.close();
  });

  it('that the server cannot give are said to be missing', async () => {
    const context = await stage.browser.newContext({ viewport: { width: 1120, height: 720 } });
    await context.route('**/v1/options.arrow*', (route) =>
      route.fulfill({ status: 500, json: { error: 'row 0 is of another session; run the layer again' } }),
    );
    const page = await context.newPage();
    await page.goto(address(FUTURE));
    await settled(page);
    expect(await page.textContent('.remark')).toBe(
      'No bars: options: 500: row 0 is of another session; run the layer again',
    );
    await page.selectOption('select[aria-label="Symbol"]', 'future_mbo/SPY');
    await settled(page);
    expect(await page.locator('.remark').isVisible()).toBe(false);
    await context.close();
  });

  it('are taken off and put back by key and button, which say so, and the address keeps it', async () => {
    const { context, page } = await opened(FUTURE);
    const toggle = page.locator('[data-overlay="options"]');
    const [bar] = bars(FUTURE, NOW, [27_780, 27_840]).filter(({ value }) => value !== 0);
    const ground = over([0, 0, 0, 0], DARK.background);
    expect(await toggle.textContent()).toBe('oOptions');
    expect(await page.textContent('.options-legend')).toBe('option orders at a strike:shrinking−55growing1/sformula');
    await page.keyboard.press('o');
    expect(await toggle.textContent()).toBe('oOptions off');
    expect(await toggle.getAttribute('aria-pressed')).toBe('false');
    await page.locator('.options-legend').waitFor({ state: 'hidden' });
    expectColour((await pixelsOf(page, [bar]))[0], ground, 'taken off');
    expect(await hover(page, bar)).not.toContain('Options');
    await page.waitForFunction(() => location.search.includes('options=0'));
    await page.reload();
    await settled(page);
    await waitForNow(page, NOW);
    expectColour((await pixelsOf(page, [bar]))[0], ground, 'still off');
    await toggle.click();
    expect(await toggle.textContent()).toBe('oOptions');
    await page.waitForFunction(() => location.search.includes('options=1'));
    expectColour((await pixelsOf(page, [bar]))[0], over(options.colour(bar.value, SPECIFIED), DARK.background), 'back');
    await context.close();
  });

  it('say what they do in words, at the strike under the crosshair', async () => {
    const { context, page } = await opened(FUTURE);
    for (const { strike, tick, value } of bars(FUTURE, NOW, [27_780, 27_800, 27_840])) {
      const words =
        value > 0 ? `growing ${value.toFixed(2)}/s` : value < 0 ? `shrinking ${(-value).toFixed(2)}/s` : 'still';
      expect(await hover(page, { second: NOW - 1, tick })).toContain(
        `Optionsat ${(strike / 4).toLocaleString('en-US')}: ${words}`,
      );
    }
    await context.close();
  });

  it('are absent where the session has none, and nothing asks for them', async () => {
    const from = stage.server.asked.length;
    const { context, page } = await openPage(
      stage.browser,
      `${stage.server.url}/?product=future_mbo&symbol=SPY&dt=${DATE}&t=${isoText(NOW)}&paused=1`,
    );
    await settled(page);
    const toggle = page.locator('[data-overlay="options"]');
    expect(await toggle.textContent()).toBe('oNo options');
    expect(await toggle.isDisabled()).toBe(true);
    await page.keyboard.press('o');
    expect(await toggle.textContent()).toBe('oNo options');
    expect(await page.locator('.options-legend').isVisible()).toBe(false);
    expect(stage.server.asked.slice(from).filter((url) => url.startsWith('/v1/options'))).toEqual([]);
    await context.close();
  });
});

describe('an equity', () => {
  it('is drawn in its own rows, its line at the mid, named', async () => {
    const { context, page } = await opened(EQUITY);
    const seen = await page.evaluate(() => {
      const { camera, priceAxis } = window.__spymaster!.picture;
      return { rows: camera.visibleTicks, labels: priceAxis.marks.map((mark) => mark.label) };
    });
    expect(seen.rows).toBeCloseTo(12);
    expect(seen.labels).toContain('$480.50');
    expect(seen.labels).toContain('$478.00');
    expect(await page.textContent('.line-name')).toBe('mid');
    expect(await page.getAttribute('.price-axis .spot', 'data-line')).toBe('mid');
    expect(await page.textContent('.price-axis .spot')).toBe(EQUITY.mid(NOW).toFixed(2));
    expect(await page.textContent('.spread')).toBe('spread 1');
    const steady = NOW - 8;
    const line = (EQUITY.mid(steady) * 1e9) / EQUITY.tickInt;
    expectColour(
      (await pixelsOf(page, [{ second: steady, tick: line - 0.01 }]))[0],
      [0x44, 0xdd, 0xff],
      'line at the mid',
    );
    const [cell] = await pixelsOf(page, [{ second: NOW - 2, tick: EQUITY.spotTick(NOW - 2) + 3 }]);
    expect(cell[1] > cell[0] && cell[1] > cell[2], `a building cell three rows over spot: ${cell}`).toBe(true);
    await context.close();
  });

  it('reads out buckets, prices of the market and shares', async () => {
    const { context, page } = await opened(EQUITY);
    const text = await hover(page, { second: NOW - 2, tick: 964.24 });
    expect(text).toContain('$482.00 (481.75–482.25)');
    expect(text).toContain(`Mid$${EQUITY.mid(NOW - 2).toFixed(2)}, the line`);
    expect(text).toMatch(/\d rows of \$0\.50 above/);
    expect(text).toContain('shares');
    expect(text).toContain(`Optionsat 482: `);
    expect(await page.textContent('.tag.price')).toBe('482.12');
    await context.close();
  });

  it('asks for a range in its own prices', async () => {
    const { context, page } = await opened(EQUITY);
    const box = (await page.locator('.surface').boundingBox())!;
    await page.keyboard.down('Shift');
    await page.mouse.move(box.x + 200, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 200, { steps: 3 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.waitForSelector('.range-panel td');
    const query = new URLSearchParams(
      stage.server.asked
        .filter((url) => url.startsWith('/v1/flow'))
        .at(-1)
        ?.split('?')[1],
    );
    expect(query.get('product_type')).toBe('equity_mbo');
    expect(Number(query.get('price_low')) % EQUITY.tickInt).toBe(0);
    expect(await page.textContent('.range-panel th')).toBe('shares');
    await context.close();
  });
});

describe('the picker', () => {
  it('leads from a future to an equity and back, each with its own grid, and the link keeps the product', async () => {
    const { context, page, complaints } = await opened(FUTURE);
    const shown = () =>
      page.evaluate(() => {
        const { session } = window.__spymaster!.playback;
        return [session?.productType, session?.symbol, Math.round(window.__spymaster!.picture.camera.visibleTicks)];
      });
    const dateGroups = () =>
      page.$$eval('select[aria-label="Date"] optgroup', (nodes) => nodes.map((node) => node.getAttribute('label')));
    expect(await shown()).toEqual(['future_mbo', 'ESH6', 100]);
    const groups = await page.$$eval('select[aria-label="Symbol"] optgroup', (nodes) =>
      nodes.map((node) => [node.getAttribute('label'), node.textContent]),
    );
    expect(groups).toEqual([
      ['Futures', 'ESH6 futuresSPY futures'],
      ['Equities', 'SPY equities'],
    ]);
    expect(await page.textContent('select[aria-label="Date"] option')).toBe('2026-01-06 09:30-09:35');
    expect(await dateGroups()).toEqual(['with options, simulated']);
    await page.keyboard.press('/');
    await page.selectOption('select[aria-label="Symbol"]', 'equity_mbo/SPY');
    await settled(page);
    expect(await shown()).toEqual(['equity_mbo', 'SPY', 12]);
    await page.waitForFunction(() => location.search.includes('product=equity_mbo&symbol=SPY'));
    await page.reload();
    await settled(page);
    expect(await shown()).toEqual(['equity_mbo', 'SPY', 12]);
    await page.selectOption('select[aria-label="Symbol"]', 'future_mbo/SPY');
    await settled(page);
    expect(await shown()).toEqual(['future_mbo', 'SPY', 100]);
    expect(await dateGroups()).toEqual([expect.stringContaining('no options')]);
    await page.waitForFunction(() => location.search.includes('product=future_mbo&symbol=SPY'));
    await page.selectOption('select[aria-label="Symbol"]', 'future_mbo/ESH6');
    await settled(page);
    expect(await page.textContent('.line-name')).toBe('spot ref');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
