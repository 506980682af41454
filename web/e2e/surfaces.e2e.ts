// Vacuum, gamma exposure, bands and radar on a market made by formula: every cell and number where its surface puts it, sent only while
// it is looked at.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { gex } from '../src/layers/gex';
import { gexProfile } from '../src/layers/gex_profile';
import type { Look } from '../src/layers/layer';
import { vacuum } from '../src/layers/vacuum';
import { isoText } from '../src/model/clock';
import { RADAR_FEATURES } from '../src/model/radar';
import { DARK, LIGHT } from '../src/views/ground';
import { keepScreenshot, openPage, type PageSize, settled, useStage, webFolder } from './harness';
import { DATE, EQUITY, FUTURE, type MadeSession, NAMESAKE, span } from './made_market';
import { startMadeServer } from './made_server';
import { contractPlace, gexOf, madeShare, spotIncrement, UNTRUSTED_SECOND, vacuumScore } from './made_surfaces';
import { expectColour, hover, over, pixelsOf, pointsOf, waitForNow } from './seen';

const stage = useStage(() => startMadeServer(webFolder));

const NOW = span.first + 150;
const SPECIFIED: Look = { safe: false, light: false };
const LOOKS = [
  ['p', { safe: true, light: false }],
  ['t', { safe: true, light: true }],
  ['p', { safe: false, light: true }],
] as const;
const BARE = '&options=0&forecast=0&gex=0';
type Name = 'vacuum' | 'gex' | 'gex_levels' | 'physics_bands' | 'radar';

async function opened(session: MadeSession, more: string, now = NOW, size: PageSize = {}) {
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

/** Until a surface of a second is there, or known to have nothing. */
const kept = (page: Page, surface: Name, second: number) =>
  page.waitForFunction(([name, at]) => window.__spymaster!.playback.feed.rings[name as Name].has(at as number), [
    surface,
    second,
  ] as const);

const lastTold = () =>
  stage.server.told.filter(({ type }) => type === 'surfaces').at(-1)?.surfaces as string[] | undefined;
const askedOf = (surface: string) =>
  stage.server.asked
    .map((asked) => new URL(asked, stage.server.url))
    .filter(({ pathname, searchParams }) => pathname === '/v1/hud/surfaces' && searchParams.get('surface') === surface)
    .map(({ searchParams }) =>
      ['start_ts_ns', 'end_ts_ns'].map((name) => Number(BigInt(searchParams.get(name)!) / 1_000_000_000n)),
    );

/** A price in increments as a height in ticks of the picture. */
const heightOf = ({ priceIncrementInt, tickInt }: MadeSession, increment: number) =>
  (increment * priceIncrementInt) / tickInt;

async function expectVacuum(page: Page, session: MadeSession, second: number, aways: number[], look = SPECIFIED) {
  const spot = spotIncrement(session, second);
  const places = aways.map((away) => ({ second, tick: heightOf(session, spot + away) }));
  const ground = (look.light ? LIGHT : DARK).background;
  const drawn = await pixelsOf(page, places);
  aways.forEach((away, i) => {
    const score = vacuumScore(spot + away);
    const want = over(score === null ? [0, 0, 0, 0] : vacuum.colour(score, look), ground);
    expectColour(drawn[i], want, `${away} from spot: ${score}, ${JSON.stringify(look)}`);
  });
}

describe('the vacuum', () => {
  it('is sent and fetched once its key is pressed, and painted at its prices in every palette', async () => {
    const { context, page, complaints } = await opened(FUTURE, BARE);
    expect(stage.server.asked.filter((asked) => asked.includes('surfaces'))).toEqual([]);
    await page.keyboard.press('6');
    await kept(page, 'vacuum', NOW - 60);
    expect(lastTold()).toEqual(['snap', 'velocity', 'options', 'forecast', 'vacuum']);
    expect(askedOf('vacuum')[0][1]).toBe(NOW);
    const aways = [-9, -8, -7, -6, -5, 5, 6, 7, 8, 9, 10];
    for (const second of [NOW - 5, NOW - 25, NOW - 45]) await expectVacuum(page, FUTURE, second, aways);
    for (const [key, look] of LOOKS) {
      await page.keyboard.press(key);
      await expectVacuum(page, FUTURE, NOW - 25, aways, look);
    }
    await page.keyboard.press('t');
    // A window that comes now brings it along; after another field it is not sent any more.
    await page.keyboard.press('ArrowRight');
    await waitForNow(page, NOW + 1);
    await expectVacuum(page, FUTURE, NOW + 1, [6, 7, 8]);
    await page.keyboard.press('1');
    await page.waitForFunction(() => window.__spymaster!.playback.feed.wanted.length === 0);
    expect(lastTold()).toEqual(['snap', 'velocity', 'options', 'forecast']);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says its score in words, and hatches a second that cannot be trusted', async () => {
    const { context, page } = await opened(FUTURE, `${BARE}&field=vacuum`);
    await kept(page, 'vacuum', NOW - 60);
    const spot = FUTURE.spotTick(NOW - 25);
    const away = [5, 6, 7, 8, 9].find((by) => vacuumScore(spot + by) === 1)!;
    expect(await hover(page, { second: NOW - 25, tick: spot + away })).toContain('Vacuum1.00, vacuum');
    expect(await hover(page, { second: NOW - 25, tick: spot + away + 1 })).toContain('Vacuumno level here');
    const places = Array.from({ length: 24 }, (_, i) => ({ second: UNTRUSTED_SECOND, tick: spot + 4.1 + i / 12 }));
    const hatched = [0.1, 0.55].map((share) => over([...DARK.hatch, share], DARK.background));
    for (const drawn of await pixelsOf(page, places))
      expect(
        hatched.some((want) => want.every((part, i) => Math.abs(part - drawn[i]) <= 2)),
        `${drawn}`,
      ).toBe(true);
    expect(await hover(page, { second: UNTRUSTED_SECOND, tick: spot + away })).toContain('cannot be trusted');
    expect(await page.textContent('.layers .legend')).toMatch(/^01score/);
    expect(await page.getAttribute('.layers .legend .link', 'href')).toBe('docs/vacuum.html#vacuum_score');
    await keepScreenshot(page, 'made-vacuum');
    await context.close();
  });

  it('of shares is at the cent, and where pixels are fewer, their mean', async () => {
    const { context, page } = await opened(EQUITY, `${BARE}&field=vacuum&zoom=1,33`);
    await kept(page, 'vacuum', NOW - 20);
    await expectVacuum(page, EQUITY, NOW - 15, [31, 32, 33, 34, 35, 36, -31, -32, -33]);
    const away = [31, 32, 33, 34, 35, 36].find((by) => vacuumScore(spotIncrement(EQUITY, NOW - 15) + by) === 0.5)!;
    const price = (spotIncrement(EQUITY, NOW - 15) + away) / 100;
    const tick = heightOf(EQUITY, spotIncrement(EQUITY, NOW - 15) + away);
    expect(await hover(page, { second: NOW - 15, tick })).toContain(`Vacuum0.50, gives way (${price.toFixed(2)})`);
    // Six increments and more a pixel: each has the mean of all that stand under it, which is a half.
    await page.evaluate(() => window.__spymaster!.picture.camera.setZoom(1, 1.6));
    const means = await pixelsOf(
      page,
      [-2.1, -1.3, 1.3, 2.3].map((by) => ({ second: NOW - 15, tick: EQUITY.spotTick(NOW - 15) + by })),
    );
    const [r, g, b] = over(vacuum.colour(0.5, SPECIFIED), DARK.background);
    for (const [dr, dg, db] of means)
      expect(Math.max(Math.abs(dr - r), Math.abs(dg - g), Math.abs(db - b)), `${[dr, dg, db]}`).toBeLessThan(40);
    await context.close();
  });

  it('that is not there is said with the command that makes it, and nothing is asked for', async () => {
    const before = stage.server.asked.length;
    const { context, page } = await opened(NAMESAKE, '&field=vacuum&bands=1&radar=1');
    expect(await page.textContent('.absence')).toContain(
      '--product-type future_mbo --symbol SPY --dt 2026-01-06 --session 09:30-09:35 --dataset vacuum_surface_1s',
    );
    expect(await page.textContent('.panel.bands')).toContain('--dataset physics_bands_1s');
    expect(await page.textContent('.panel.radar')).toContain('--dataset radar_vacuum_1s');
    await page.keyboard.press('7');
    await page.waitForFunction(() => document.querySelector('.absence')?.textContent === 'No options in this session.');
    const toggle = page.locator('[data-overlay="gex"]');
    expect(await toggle.isDisabled()).toBe(true);
    expect(await toggle.getAttribute('title')).toContain('No options in this session.');
    expect(await page.locator('.gex-profile').isHidden()).toBe(true);
    expect(stage.server.asked.slice(before).filter((asked) => asked.includes('surface'))).toEqual([]);
    await context.close();
  });
});

describe('gamma exposure by strike and time', () => {
  const heat = async (page: Page, session: MadeSession, strikes: number[], look = SPECIFIED) => {
    const ticks = strikes.map((strike) => (strike * 1e9) / session.tickInt + 0.25 * (session === FUTURE ? 4 : 1));
    const drawn = await pixelsOf(
      page,
      ticks.map((tick) => ({ second: NOW - 15, tick })),
    );
    strikes.forEach((strike, i) => {
      const { net } = gexOf(session, strike);
      const ground = (look.light ? LIGHT : DARK).background;
      expectColour(drawn[i], over(gex.colour(net / 1e6, look), ground), `${strike}: ${net}, ${JSON.stringify(look)}`);
    });
  };

  it('is painted at the listed strikes, with dollars at the ends of its legend', async () => {
    const { context, page, complaints } = await opened(FUTURE, `${BARE}&field=gex&scale=fixed`);
    await kept(page, 'gex', NOW - 60);
    const strikes = [6945, 6950, 6960, 6965];
    await heat(page, FUTURE, strikes);
    for (const [key, look] of LOOKS) {
      await page.keyboard.press(key);
      await heat(page, FUTURE, strikes, look);
    }
    await page.keyboard.press('t');
    const between = await pixelsOf(page, [{ second: NOW - 15, tick: 6947.5 * 4 + 0.3 }]);
    expectColour(between[0], over([0, 0, 0, 0], DARK.background), 'between strikes');
    expect(await page.textContent('.layers .legend')).toMatch(/^−\$100M\+\$100Mper 1 %fixed/);
    expect(await hover(page, { second: NOW - 15, tick: 6960 * 4 + 1 })).toMatch(
      /Gamma[−+]\$[\d.]+M, (calls|puts) outweigh/,
    );
    await page.keyboard.press('a');
    await page.waitForFunction(() => document.querySelector('.scale-kind')?.textContent === 'percentile');
    expect(await page.textContent('.layers .legend')).toMatch(/^−\$[\d.]+M\+\$[\d.]+Mper 1 %/);
    await keepScreenshot(page, 'made-gamma');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('of shares has strikes a dollar apart', async () => {
    const { context, page } = await opened(EQUITY, `${BARE}&field=gex&scale=fixed`);
    await kept(page, 'gex', NOW - 20);
    await heat(page, EQUITY, [479, 482]);
    await context.close();
  });
});

describe('the profile and the levels', () => {
  const labels = (page: Page) => page.locator('.gex-label:visible').allTextContents();

  it('stand at their prices, named, with what is out of sight at the edge', async () => {
    const { context, page, complaints } = await opened(FUTURE, '&options=0&forecast=0');
    await kept(page, 'gex_levels', NOW - 30);
    expect((await labels(page)).sort()).toEqual(['call wall 6,965', 'flip 6,951.25', '▼ put wall 6,930']);
    const line = over(gexProfile.colour(0, SPECIFIED), DARK.background);
    const margin = over(gexProfile.colour(0, SPECIFIED), DARK.margin);
    const drawn = await pixelsOf(
      page,
      [-30, -5, 10].map((by) => ({ second: NOW + by, tick: 6951.25 * 4 })),
    );
    expectColour(drawn[0], line, 'flip, half a minute ago');
    expectColour(drawn[1], line, 'flip');
    expectColour(drawn[2], margin, 'flip, right of now');
    // The call wall is dashed: of a stretch some pixels are its own, some the ground.
    const along = await pixelsOf(
      page,
      Array.from({ length: 12 }, (_, i) => ({ second: NOW - 20 - i, tick: 6965 * 4 })),
    );
    // Under it runs the line of a whole price.
    const lined = over([...DARK.lines.major, 0.6], DARK.background).map((part) => part / 255);
    const wall = over(gexProfile.colour(1, SPECIFIED), lined);
    const hits = along.filter((got) => got.every((part, i) => Math.abs(part - wall[i]) <= 2)).length;
    expect(hits).toBeGreaterThan(3);
    expect(hits).toBeLessThan(12);
    // Calls to the right of the middle, puts to the left; a strike without calls has none.
    const bars = await page.evaluate(
      (prices) => {
        const canvas = document.querySelector<HTMLCanvasElement>('.gex-profile canvas')!;
        const context = canvas.getContext('2d')!;
        const { camera } = window.__spymaster!.picture;
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const at = (x: number, price: number) => {
          const row = Math.round(camera.pixelOfTick(price * 4) - 6);
          const from = 4 * (row * canvas.width + Math.round(canvas.width / 2) + x);
          return [...data.slice(from, from + 3)];
        };
        return prices.map((price) => [at(-4, price), at(4, price)]);
      },
      [6950, 6960],
    );
    const ground = [10, 10, 15];
    expect(bars[0][0][0]).toBeGreaterThan(bars[0][0][1]);
    expect(bars[0][1][1]).toBeGreaterThan(bars[0][1][0]);
    expect(gexOf(FUTURE, 6960).call).toBe(0);
    expect(bars[1][1]).toEqual(ground);
    expect(await page.textContent('.gex-foot')).toBe('3 of 42 unpricednet +$450M');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('tell a strike under the pointer and by the arrow keys, and the flip where there is one', async () => {
    const { context, page } = await opened(FUTURE, '', span.first + 205);
    await kept(page, 'gex_levels', span.first + 205);
    expect((await labels(page)).some((label) => label.includes('flip'))).toBe(false);
    const [{ y }] = await pointsOf(page, [{ second: NOW, tick: 6960 * 4 }]);
    const box = (await page.locator('.gex-profile').boundingBox())!;
    await page.mouse.move(box.x + 20, y);
    const card = page.locator('.gex-card');
    await page.waitForFunction(() => !document.querySelector<HTMLElement>('.gex-card')?.hidden);
    const text = (await card.textContent()) ?? '';
    expect(text).toContain('Strike6,960');
    expect(text).toContain('Calls$0');
    expect(text).toContain('Net−$');
    expect(text).toContain('puts outweigh: moves are driven on');
    expect(text).toContain('calls none, puts 13.8 %');
    await page.mouse.move(200, 300);
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.gex-card')?.hidden);
    await page.locator('.gex-profile').focus();
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() => !document.querySelector<HTMLElement>('.gex-card')?.hidden);
    const before = await card.getAttribute('aria-label');
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(
      (was) => document.querySelector('.gex-card')?.getAttribute('aria-label') !== was,
      before,
    );
    expect(await hover(page, { second: span.first + 200, tick: 6960 * 4 })).toContain('GEXat 6,960: −$');
    expect(await hover(page, { second: span.first + 200, tick: 6960 * 4 })).toContain('flip 6,951.25');
    await page.keyboard.press('e');
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.gex-profile')?.hidden);
    expect(lastTold()).toEqual(['snap', 'velocity', 'options', 'forecast']);
    expect(await labels(page)).toEqual([]);
    await context.close();
  });
});

describe('the panels', () => {
  const bandsOf = (page: Page) => page.locator('.panel.bands .bar .value').allTextContents();
  const share = (session: MadeSession, name: string, second: number) =>
    madeShare(contractPlace(session, 'physics_bands_1s', name), second).toFixed(2);

  it('bands: gauges and a ladder from far above to far below, by which bounds, and none in an untrusted second', async () => {
    const { context, page, complaints } = await opened(EQUITY, '&bands=1');
    await kept(page, 'physics_bands', NOW - 59);
    const ladder = [
      ...['far', 'mid', 'near', 'at'].map((band) => `above_${band}`),
      ...['at', 'near', 'mid', 'far'].map((band) => `below_${band}`),
    ].flatMap((band) => ['wall_strength', 'wall_erosion', 'vacuum'].map((measure) => `${band}_${measure}_norm`));
    const names = ['above_score', 'below_score', 'vacuum_total_score', ...ladder];
    expect(await bandsOf(page)).toEqual(names.map((name) => share(EQUITY, name, NOW)));
    expect(await page.textContent('.calibration')).toBe('bootstrap bounds');
    const [above, below] = ['above_score', 'below_score'].map((name) => Number(share(EQUITY, name, NOW)));
    expect(await page.textContent('.bands .verdict')).toBe(
      above > below ? 'easier up than down' : 'easier down than up',
    );
    // The last minute is drawn: a curve over the whole width, not a dot at its end.
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.gauge canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width / 2, canvas.height);
      return new Set(data.filter((_, i) => i % 4 === 1)).size > 4;
    });
    await page.evaluate((second) => window.__spymaster!.playback.seek(second), UNTRUSTED_SECOND);
    await waitForNow(page, UNTRUSTED_SECOND);
    await page.waitForFunction(() =>
      document.querySelector('.panel.bands .none')?.textContent?.includes('cannot be trusted'),
    );
    expect(new Set(await bandsOf(page))).toEqual(new Set(['–']));
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('radar: all features with name, unit, value and meaning; found by a word, folded, and remembered', async () => {
    const { context, page, complaints } = await opened(FUTURE, '&radar=1&bands=1', NOW, { width: 1440, height: 900 });
    await kept(page, 'radar', NOW - 59);
    const value = (i: number) =>
      2 * madeShare(contractPlace(FUTURE, 'radar_vacuum_1s', RADAR_FEATURES[i].name), NOW) - 1;
    await page.waitForFunction(() => document.querySelector('.feature .value')?.textContent !== '–');
    const rows = await page.locator('.feature').evaluateAll((nodes) =>
      nodes.map((node) => ({
        id: (node as HTMLElement).dataset.feature,
        title: (node as HTMLElement).title,
        text: node.textContent,
      })),
    );
    expect(rows.length).toBe(49);
    const [first] = rows;
    expect(first.id).toBe(RADAR_FEATURES[0].name);
    expect(first.text).toBe(`${RADAR_FEATURES[0].plain}ln${value(0).toFixed(3).replace('-', '−')}`);
    expect(first.title).toContain(RADAR_FEATURES[0].meaning);
    expect(await page.textContent('.approach')).toBe('spot came up');
    expect(await page.textContent('.calibration')).toBe('bounds of 2026-01-05');
    await keepScreenshot(page, 'made-panels');
    await page.fill('.panel.radar .search', 'bids pulled far');
    expect(
      await page
        .locator('.feature:visible')
        .evaluateAll((nodes) => nodes.map((node) => (node as HTMLElement).dataset.feature)),
    ).toEqual(['u14_bid_far_pull_share_rest']);
    await page.keyboard.press('Escape');
    expect(await page.locator('[data-group="up"] .feature:visible').count()).toBe(0);
    await page.click('[data-group="up"] .fold');
    await page.click('[data-group="asks"] .fold');
    expect(await page.locator('[data-group="up"] .feature:visible').count()).toBe(24);
    await page.reload();
    await settled(page);
    expect(await page.locator('[data-group="asks"] .fold').getAttribute('aria-expanded')).toBe('false');
    expect(await page.locator('[data-group="up"] .fold').getAttribute('aria-expanded')).toBe('true');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('open, close and stay in the address; a jump fetches what it shows', async () => {
    const { context, page } = await opened(FUTURE, '');
    for (const key of ['6', 'b', 'v', 'e']) await page.keyboard.press(key);
    await page.waitForFunction(() => /field=vacuum.*gex=0.*bands=1&radar=1/.test(location.search));
    expect(lastTold()).toEqual(['snap', 'velocity', 'options', 'forecast', 'vacuum', 'radar', 'physics_bands']);
    const before = stage.server.asked.length;
    await page.evaluate((second) => window.__spymaster!.playback.seek(second), span.first + 290);
    await waitForNow(page, span.first + 290);
    await kept(page, 'vacuum', span.first + 230);
    await kept(page, 'radar', span.first + 231);
    expect(stage.server.asked.length).toBeGreaterThan(before);
    await page.waitForFunction((at) => location.search.includes(at), isoText(span.first + 290));
    const stream = stage.server.asked.length;
    await page.reload();
    await settled(page);
    const look = await page.evaluate(() => {
      const { layer, gex: lines, bands, radar } = window.__spymaster!.picture.look;
      return { layer, lines, bands, radar };
    });
    expect(look).toEqual({ layer: 5, lines: false, bands: true, radar: true });
    const connected = stage.server.asked.slice(stream).find((asked) => asked.startsWith('/v1/velocity/stream'))!;
    expect(new URL(connected, stage.server.url).searchParams.get('surfaces')).toBe(
      'snap,velocity,options,forecast,vacuum,radar,physics_bands',
    );
    await page.click('[aria-label^="Close Radar"]');
    await page.click('[data-overlay="bands"]');
    expect(await page.locator('.dock').isHidden()).toBe(true);
    await page.waitForFunction(() => /bands=0&radar=0/.test(location.search));
    await context.close();
  });

  it('leave nothing clipped or over each other from 1024 pixels on, and have names', async () => {
    const { context, page } = await opened(FUTURE, '&bands=1&radar=1', NOW, { width: 1024, height: 720 });
    await kept(page, 'radar', NOW);
    const wide = await page.evaluate(() => {
      const boxes = [
        ...document.querySelectorAll<HTMLElement>('.layers > *, .top > *, .panel-head > *, .dock, .gex-profile'),
      ];
      return boxes
        .filter((box) => box.offsetParent && box.getBoundingClientRect().right > innerWidth + 0.5)
        .map(({ className }) => className);
    });
    expect(wide).toEqual([]);
    // Neighbours in a row end before the next begins.
    for (const key of ['6', '7', 'a']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(200);
      const ends = await page.evaluate(() => {
        const box = (of: string) => document.querySelector(of)!.getBoundingClientRect();
        return [box('.fields').right, box('.layers .marks').left, box('.overlays').right, box('.layers .legend').left];
      });
      expect(ends[0], key).toBeLessThan(ends[1]);
      expect(ends[2], key).toBeLessThan(ends[3]);
    }
    // Words over the picture make room for each other, and what there is no room for is left out.
    const meeting = await page.evaluate(() => {
      const words = '.picture-legend .keys, .forecast, .gex-label, .wall-label, .hud';
      const shown = [...document.querySelectorAll<HTMLElement>(words)].filter((node) => node.checkVisibility());
      const boxes = shown.map((node) => ({ said: node.textContent, box: node.getBoundingClientRect() }));
      const meet = (a: DOMRect, b: DOMRect) =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return boxes.flatMap((a, i) =>
        boxes.slice(i + 1).flatMap((b) => (meet(a.box, b.box) ? [`${a.said} over ${b.said}`] : [])),
      );
    });
    expect(meeting).toEqual([]);
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, input, canvas[role]')]
        .filter((node) => !(node.getAttribute('aria-label') || node.textContent?.trim() || node.getAttribute('title')))
        .map(({ outerHTML }) => outerHTML),
    );
    expect(unnamed).toEqual([]);
    await keepScreenshot(page, 'made-narrow');
    await context.close();
  });
});
