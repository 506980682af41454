// The forecast on a market made by formula: the path where its numbers put it, as opaque as it is confident, and what is said of it.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { scoreText } from '../src/gui/forecast_words';
import { forecast as layer, wallColour } from '../src/layers/forecast';
import type { Look } from '../src/layers/layer';
import { isoText } from '../src/model/clock';
import { DARK, LIGHT } from '../src/views/ground';
import { keepScreenshot, openPage, type PageSize, settled, useStage, webFolder } from './harness';
import { delta, scores, weight } from './made_forecast';
import { DATE, EQUITY, FUTURE, INVALID_SECOND, type MadeSession, NAMESAKE, span } from './made_market';
import { startMadeServer } from './made_server';
import { expectColour, hover, over, pixelsOf, waitForNow } from './seen';

const stage = useStage(() => startMadeServer(webFolder));

const NOW = span.first + 150;
const SPECIFIED: Look = { safe: false, light: false };

async function opened(session: MadeSession, now = NOW, more = '', size: PageSize = {}) {
  const query = `product=${session.productType}&symbol=${session.symbol}&dt=${DATE}&t=${isoText(now)}`;
  const { context, page, complaints } = await openPage(
    stage.browser,
    `${stage.server.url}/?${query}&paused=1${more}`,
    size,
  );
  await settled(page);
  await waitForNow(page, now);
  return { context, page, complaints };
}

/** Middles of level pieces of the path, away from lines of prices and times. */
const onPath = (session: MadeSession, now = NOW, horizons = [5, 15, 25]) =>
  horizons.map((horizon) => ({
    second: now + horizon,
    tick: session.spotTick(now) + delta(session, now, horizon),
    colour: (look: Look) => layer.colour(weight(session, horizon), look),
  }));

const groundOf = (look: Look) => (look.light ? LIGHT : DARK).margin;

async function expectPath(page: Page, session: MadeSession, look = SPECIFIED, now = NOW) {
  const places = onPath(session, now);
  const drawn = await pixelsOf(page, places);
  const beside = await pixelsOf(
    page,
    places.map(({ second, tick }) => ({ second, tick: tick + 1.5 })),
  );
  places.forEach(({ second, colour }, i) => {
    const what = `${second - now} s after now, ${JSON.stringify(look)}`;
    expectColour(drawn[i], over(colour(look), groundOf(look)), what);
    expectColour(beside[i], over([0, 0, 0, 0], groundOf(look)), `beside it, ${what}`);
  });
}

const readings = (page: Page, second: number, tick: number) => hover(page, { second, tick });

describe('the path', () => {
  it('leads through the predicted prices, each piece as opaque as the tenth of its confidence, in every palette', async () => {
    const { context, page, complaints } = await opened(FUTURE);
    await expectPath(page, FUTURE);
    const [faint, , full] = await pixelsOf(page, onPath(FUTURE));
    expect(Math.max(...faint)).toBeLessThan(0.6 * Math.max(...full));
    await keepScreenshot(page, 'made-forecast');
    const looks = [
      ['p', { safe: true, light: false }],
      ['t', { safe: true, light: true }],
      ['p', { safe: false, light: true }],
    ] as const;
    for (const [key, look] of looks) {
      await page.keyboard.press(key);
      await expectPath(page, FUTURE, look);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('leads down in the next second, and is that of the newest second shown', async () => {
    const { context, page } = await opened(FUTURE);
    await page.keyboard.press('ArrowRight');
    await waitForNow(page, NOW + 1);
    expect(delta(FUTURE, NOW + 1, 15)).toBeLessThan(0);
    await expectPath(page, FUTURE, SPECIFIED, NOW + 1);
    await page.keyboard.press('ArrowLeft');
    await waitForNow(page, NOW);
    await expectPath(page, FUTURE);
    await context.close();
  });

  it('keeps its prices and seconds while zooming, looking about, and on a fine screen', async () => {
    const { context, page } = await opened(FUTURE, NOW, '', { scale: 2 });
    await expectPath(page, FUTURE);
    await page.evaluate(() => window.__spymaster!.picture.camera.setZoom(2, 1.5));
    // Between 30 and 80 ticks lines stand at every dollar: none of the three levels is one.
    await expectPath(page, FUTURE);
    await page.evaluate((tick) => {
      const { camera } = window.__spymaster!.picture;
      camera.setZoom(1, 1);
      camera.place(tick, 40);
    }, FUTURE.spotTick(NOW) + 10);
    await expectPath(page, FUTURE);
    await context.close();
  });

  it('of an equity leads through its rows', async () => {
    const { context, page, complaints } = await opened(EQUITY);
    const [place] = onPath(EQUITY, NOW, [25]);
    expectColour((await pixelsOf(page, [place]))[0], over(place.colour(SPECIFIED), DARK.margin), 'three rows up');
    const marks = await page.$$eval('.wall-label:not([hidden])', (nodes) => nodes.map((node) => node.textContent));
    const spot = EQUITY.spotTick(NOW);
    expect(marks).toEqual([`wall +3  ${((spot + 3) / 2).toFixed(2)}`, `wall −4  ${((spot - 4) / 2).toFixed(2)}`]);
    await keepScreenshot(page, 'made-forecast-equity');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is not there in a second whose book is invalid, which is said in the readings, the margin and on hover', async () => {
    const { context, page } = await opened(FUTURE, INVALID_SECOND);
    for (const [i, pixel] of (await pixelsOf(page, onPath(FUTURE, INVALID_SECOND))).entries())
      expectColour(pixel, over([0, 0, 0, 0], DARK.margin), `place ${i}`);
    expect(await page.textContent('.hud')).toContain('no forecast: book invalid');
    expect(await page.textContent('.hud')).not.toContain('Run up');
    expect(await page.textContent('.forecast .none')).toBe('no forecast: book invalid');
    expect(await page.locator('.wall-label:visible').count()).toBe(0);
    expect(await readings(page, INVALID_SECOND + 5, FUTURE.spotTick(NOW))).toContain(
      'Forecastno forecast: book invalid',
    );
    await context.close();
  });
});

describe('walls', () => {
  it('are marked where they stand, right of now; none at 64', async () => {
    const { context, page } = await opened(FUTURE);
    const pixels = await page.evaluate(
      (ticks) => {
        const { picture } = window.__spymaster!;
        const { camera } = picture;
        return picture.pixelsAt(ticks.map((tick) => ({ x: camera.pixelOfX(0) + 15, y: camera.pixelOfTick(tick) })));
      },
      [12, 11, -64].map((by) => FUTURE.spotTick(NOW) + by),
    );
    expectColour(pixels[0], over(wallColour(SPECIFIED), DARK.margin), 'wall above');
    expectColour(pixels[1], over([0, 0, 0, 0], DARK.margin), 'under it');
    const labels = await page.$$eval('.wall-label:not([hidden])', (nodes) => nodes.map((node) => node.textContent));
    expect(labels).toEqual([`wall +12  ${((FUTURE.spotTick(NOW) + 12) / 4).toFixed(2)}`]);
    const { up, down } = scores(FUTURE, NOW);
    const hud = await page.$$eval('.hud div', (nodes) => nodes.map((node) => node.textContent ?? ''));
    expect(hud[4]).toBe(`Run up    +${up.toFixed(3)}/s  wall +12 (${((FUTURE.spotTick(NOW) + 12) / 4).toFixed(2)})`);
    expect(hud[5]).toBe(`Run down  +${down.toFixed(3)}/s  wall: none within 64 ticks`);
    expect(await page.getAttribute('.hud', 'title')).toContain('In 10 s: 4 ticks up, to 6955.25; confidence 0.10');
    expect(await page.getAttribute('.hud', 'title')).toContain('In 30 s: 12 ticks up, to 6957.25; confidence 1.00');
    await context.close();
  });
});

const wallNames = (page: Page) => page.$$eval('.wall-label:not([hidden])', (nodes) => nodes.map((n) => n.textContent));

describe('names of walls near the right edge', () => {
  it('lose their price, then themselves, and are never cut off', async () => {
    const { context, page } = await opened(FUTURE);
    await page.keyboard.press('e'); // names of gamma levels would ask for room too
    const look = (back: number) =>
      page.evaluate(
        ([tick, seconds]) => {
          const { picture } = window.__spymaster!;
          picture.camera.place(tick, seconds);
          picture.invalidate();
          return new Promise<void>((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn())));
        },
        [FUTURE.spotTick(NOW), back],
      );
    const room = () =>
      page.evaluate(() => {
        const { camera, surface } = window.__spymaster!.picture;
        return surface.getBoundingClientRect().width - camera.pixelOfX(0);
      });
    const cutOff = () =>
      page.$$eval('.wall-label:not([hidden])', (nodes) =>
        nodes.some((node) => node.getBoundingClientRect().right > node.parentElement!.getBoundingClientRect().right),
      );
    const price = ((FUTURE.spotTick(NOW) + 12) / 4).toFixed(2);
    const seen = new Set<string>();
    for (let back = 30; back < 90 && !seen.has(''); back += 3) {
      await look(back);
      const names = await wallNames(page);
      seen.add(names.join());
      expect(await cutOff(), `${back} s back, ${await room()} pixels`).toBe(false);
    }
    expect([...seen]).toEqual([`wall +12  ${price}`, 'wall +12', '']);
    await context.close();
  });
});

describe('what it is worth', () => {
  it('without a calibration: uncalibrated', async () => {
    const { context, page } = await opened(EQUITY);
    expect(await page.textContent('.forecast .worth')).toBe('uncalibrated');
    expect(await readings(page, NOW + 5, EQUITY.spotTick(NOW))).toContain('Measureduncalibrated');
    await context.close();
  });

  it.each([1024, 1440, 2560])('moves nothing as its words grow longer and shorter, %i pixels wide', async (width) => {
    const { context, page } = await opened(FUTURE, NOW, '', { width, height: 700 });
    const places = await page.evaluate(() => {
      const words = document.querySelector('.forecast .worth span')!;
      const place = (text: string) => {
        words.textContent = text;
        return document.querySelector('.forecast .move')!.getBoundingClientRect().top;
      };
      const longest = 'surer than 9 of 10: right 54 % (51–57) of 123,456, measured 2026-01-12 to 2026-01-30';
      return [place(words.textContent ?? ''), place('no move predicted'), place(longest)];
    });
    expect(places).toEqual([places[0], places[0], places[0]]);
    await context.close();
  });

  it('calibrated and never evaluated: not yet evaluated', async () => {
    const { context, page } = await opened(NAMESAKE);
    expect(await page.textContent('.forecast .worth')).toBe('not yet evaluated');
    await context.close();
  });

  it('evaluated: the hit rate of its confidence, and no skill plainly beside it', async () => {
    const { context, page } = await opened(FUTURE);
    expect(await page.textContent('.forecast .worth span')).toBe(
      'surer than 9 of 10: right 56 % (53–59) of 1,295, measured 2026-01-06',
    );
    expect(await page.textContent('.forecast .verdict')).toBe('no skill measured');
    expect(await page.textContent('.forecast .move')).toBe('12 ticks up, to 6957.25 in 30 s');
    const text = await readings(page, NOW + 12, FUTURE.spotTick(NOW) + 8);
    expect(text).toContain('Horizon12 s after now');
    expect(text).toContain('Forecast8 ticks up, to 6956.25');
    expect(text).toContain('Confidence0.55, tenth 6 of 10');
    expect(text).toContain(
      'Measuredsurer than 5 of 10: right 56 % (53–59) of 1,299, measured 2026-01-06; no skill measured',
    );
    expect(text).toContain('This horizonright 50 % (46–54) of 510 at 10 s, no skill');
    expect(await readings(page, NOW + 3, FUTURE.spotTick(NOW))).toContain('surer than 1 of 10: no samples');
    await context.close();
  });
});

describe('over the picture', () => {
  it('what is read of the margin leaves the path free, and the formula is one click away', async () => {
    const { context, page } = await opened(FUTURE);
    await readings(page, NOW + 12, FUTURE.spotTick(NOW) + 8);
    const edges = await page.evaluate(() => {
      const { camera, surface } = window.__spymaster!.picture;
      const table = document.querySelector('.readings')!.getBoundingClientRect();
      const now = camera.pixelOfX(0) + surface.getBoundingClientRect().x;
      return {
        left: table.left,
        right: table.right,
        now,
        hud: document.querySelector('.hud')!.getBoundingClientRect().right,
      };
    });
    expect(edges.right).toBeLessThan(edges.now);
    expect(edges.left).toBeGreaterThan(edges.hud);
    const opens = context.waitForEvent('page');
    await page.click('.forecast .link');
    const formula = await opens;
    await formula.waitForLoadState();
    expect(formula.url()).toBe(`${stage.server.url}/docs/forecast.html#the-path`);
    expect(await formula.textContent('#the-path')).toBe('The path');
    expect(await page.evaluate(() => window.__spymaster!.picture.crosshair.isPinned)).toBe(false);
    await context.close();
  });
});

describe('run scores', () => {
  it('are lines under the picture, on its time, with their past; and fold', async () => {
    const from = stage.server.asked.length;
    const { context, page } = await opened(FUTURE);
    const asked = stage.server.asked.slice(from).map((url) => new URL(url, 'http://made'));
    const spans = (path: string) =>
      asked
        .filter(({ pathname }) => pathname === path)
        .map(({ searchParams }) => `${searchParams.get('start')} ${searchParams.get('end')}`);
    expect(spans('/v1/forecast.arrow').length).toBeGreaterThan(0);
    expect(spans('/v1/forecast.arrow')).toEqual(spans('/v1/velocity.arrow'));
    const pixel = (second: number, value: number) =>
      page.evaluate(
        ([at, score]) => {
          const { camera } = window.__spymaster!.picture;
          const canvas = document.querySelector<HTMLCanvasElement>('[data-series="runs"] canvas')!;
          const y = canvas.height / 2 - (score / 0.75) * (canvas.height / 2 - 1.5);
          const x = camera.pixelOfX(at - window.__spymaster!.playback.now! - 0.5);
          return [...canvas.getContext('2d')!.getImageData(Math.floor(x), Math.floor(y), 1, 1).data.slice(0, 3)];
        },
        [second, value],
      );
    const brightest = (rgb: number[]) => rgb.indexOf(Math.max(...rgb));
    for (const second of [NOW - 5, NOW - 38]) {
      const { up, down } = scores(FUTURE, second);
      expect(brightest(await pixel(second, up)), `up at ${second - NOW}`).toBe(1);
      expect(brightest(await pixel(second, down)), `down at ${second - NOW}`).toBe(0);
    }
    const runs = page.locator('[data-series="runs"]');
    const { up, down } = scores(FUTURE, NOW);
    expect(await runs.locator('.now-value').textContent()).toBe(`▲${scoreText(up)}\n▼${scoreText(down)}`);
    await runs.locator('.fold').click();
    expect(await runs.getAttribute('data-folded')).toBe('true');
    await context.close();
  });

  it('of a past second are read under the crosshair', async () => {
    const { context, page } = await opened(FUTURE);
    const text = await readings(page, NOW - 50, FUTURE.spotTick(NOW - 50) + 8);
    const { up, down } = scores(FUTURE, NOW - 50);
    const said = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
    expect(text).toContain(`Run scoreup ${said(up)}, down ${said(down)} 1/s`);
    expect(text).toContain('Walls+12, none within 64 ticks');
    await context.close();
  });

  it('whose past the server cannot give are said to be missing', async () => {
    const context = await stage.browser.newContext({ viewport: { width: 1120, height: 720 } });
    await context.route('**/v1/forecast.arrow*', (route) =>
      route.fulfill({ status: 500, json: { error: 'the gold of 09:31 is damaged' } }),
    );
    const page = await context.newPage();
    await page.goto(`${stage.server.url}/?product=future_mbo&symbol=ESH6&dt=${DATE}&t=${isoText(NOW)}&paused=1`);
    await settled(page);
    expect(await page.textContent('.remark')).toBe(
      'No run scores of the past: forecast: 500: the gold of 09:31 is damaged',
    );
    await expectPath(page, FUTURE);
    await context.close();
  });
});

describe('the switch', () => {
  it('takes all of it off and puts it back, by key and button, remembered and in the address', async () => {
    const { context, page } = await opened(FUTURE);
    const toggle = page.locator('[data-overlay="forecast"]');
    const [place] = onPath(FUTURE, NOW, [25]);
    const ground = over([0, 0, 0, 0], DARK.margin);
    expect(await toggle.textContent()).toBe('rForecast');
    await page.keyboard.press('r');
    expect(await toggle.textContent()).toBe('rForecast off');
    expectColour((await pixelsOf(page, [place]))[0], ground, 'taken off');
    await page.locator('.forecast').waitFor({ state: 'hidden' });
    expect(await page.locator('.wall-label:visible').count()).toBe(0);
    expect(await page.textContent('.hud')).not.toContain('Run up');
    expect(await readings(page, place.second, place.tick)).not.toContain('Forecast');
    await page.waitForFunction(() => location.search.includes('forecast=0'));
    await page.reload();
    await settled(page);
    await waitForNow(page, NOW);
    expectColour((await pixelsOf(page, [place]))[0], ground, 'still off');
    await toggle.click();
    expect(await toggle.getAttribute('aria-pressed')).toBe('true');
    await page.waitForFunction(() => location.search.includes('forecast=1'));
    expectColour((await pixelsOf(page, [place]))[0], over(place.colour(SPECIFIED), DARK.margin), 'back');
    await context.close();
  });
});
