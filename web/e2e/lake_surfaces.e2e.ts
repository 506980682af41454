// Vacuum, gamma exposure, bands and radar of a lake, on the real server: what the page shows of a second is what `/v1/hud/surfaces` says
// of it, read by other means than the page's own decoding. Products that the lake lacks are skipped.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gex } from '../src/layers/gex';
import type { Layer } from '../src/layers/layer';
import { vacuum } from '../src/layers/vacuum';
import { BAND_COLUMNS } from '../src/model/bands';
import { RADAR_FEATURES } from '../src/model/radar';
import { DARK } from '../src/views/ground';
import { keepScreenshot, type OpenPage } from './harness';
import { productsOfLake, useLakeSession } from './lake_session';
import { expectColour, over, pixelsOf } from './seen';
import { surfaceRows } from './truth';

const LOOK = { safe: false, light: false };
const held = new Set((await productsOfLake()).map(({ productType }) => productType));

describe.each(['future_mbo', 'equity_mbo'])('of %s', (productType) => {
  describe.skipIf(!held.has(productType))('a second', () => secondOf(productType));
});

type Cells = Record<string, number | string | boolean | null>;
const dollars = (text: string | null): number => {
  const [, sign, digits, unit] = /([−+]?)\$([\d.]+)([KMB]?)/.exec(text ?? '') ?? [];
  return (sign === '−' ? -1 : 1) * Number(digits) * { '': 1, K: 1e3, M: 1e6, B: 1e9 }[unit as 'K']!;
};

function secondOf(productType: string): void {
  const lake = useLakeSession(productType);
  let opened: OpenPage | undefined;
  let page: Page;
  let now = 0;

  beforeAll(async () => {
    now = lake.quietSecond();
    opened = await lake.openAt(now, '&field=gex&scale=fixed&forecast=0&gex=1&bands=1&radar=1');
    page = opened.page;
  });
  afterAll(async () => {
    await opened?.context.close();
    expect(opened?.complaints).toEqual([]);
  });

  const rowsOf = (surface: string) => surfaceRows(lake.server.url, lake.session, surface, now);
  const kept = (surface: 'vacuum' | 'gex' | 'gex_levels' | 'physics_bands' | 'radar') =>
    page.waitForFunction(([name, at]) => window.__spymaster!.playback.feed.rings[name].at(at) !== null, [
      surface,
      now,
    ] as const);
  const heightOf = (priceInt: number) => priceInt / lake.session.tickInt;
  /** The spot line, its glow, lines of prices and of levels lie over or under these. */
  const clear = async (heights: readonly number[]) => {
    const spot = await page.evaluate((at) => window.__spymaster!.playback.lineTick(at), now);
    const { bottom, top, startZoom } = await page.evaluate(() => {
      const { camera } = window.__spymaster!.picture;
      return { bottom: camera.bottom, top: camera.top, startZoom: camera.startZoom };
    });
    const glow = 3 / startZoom;
    return heights.filter((tick) => Math.abs(tick - spot) > glow && tick > bottom && tick < top);
  };
  async function expectField(layer: Layer, cells: { tick: number; value: number }[]): Promise<void> {
    expect(cells.length).toBeGreaterThan(2);
    const drawn = await pixelsOf(
      page,
      cells.map(({ tick }) => ({ second: now, tick })),
    );
    cells.forEach(({ tick, value }, i) => {
      expectColour(drawn[i], over(layer.colour(value, LOOK), DARK.background), `${layer.name} at ${tick}: ${value}`);
    });
  }

  it('has the bands of the server', async () => {
    await kept('physics_bands');
    const [row] = await rowsOf('physics_bands');
    const shown = await page.locator('.panel.bands .bar .value').allTextContents();
    const ladder = ['above', 'below'].flatMap((direction) => {
      const bands = ['at', 'near', 'mid', 'far'].map((band) => `${direction}_${band}`);
      return direction === 'above' ? bands.reverse() : bands;
    });
    const names = [
      ...['above_score', 'below_score', 'vacuum_total_score'],
      ...ladder.flatMap((band) => ['wall_strength', 'wall_erosion', 'vacuum'].map((name) => `${band}_${name}_norm`)),
    ];
    expect([...names].sort()).toEqual([...BAND_COLUMNS].sort());
    expect(shown).toEqual(names.map((name) => (row[name] as number).toFixed(2)));
  });

  it('has the radar of the server', async () => {
    await kept('radar');
    const [row] = await rowsOf('radar');
    const shown = await page
      .locator('.feature')
      .evaluateAll((nodes) =>
        nodes.map((node) => [(node as HTMLElement).dataset.feature!, node.querySelector('.value')!.textContent!]),
      );
    expect(shown.length).toBe(RADAR_FEATURES.length);
    for (const [name, text] of shown) {
      const said = row[name] as number | null;
      if (said === null) expect(text, name).toBe('–');
      else expect(Math.abs(Number(text.replace('−', '-')) - said), `${name}: ${text}`).toBeLessThanOrEqual(0.0005001);
    }
    // The last minute is drawn of those that are in sight.
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.feature canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width / 2, canvas.height);
      return new Set(data.filter((_, i) => i % 4 === 1)).size > 4;
    });
  });

  it('has the gamma exposure of the server, in the profile, its names and the heatmap', async () => {
    await kept('gex');
    await kept('gex_levels');
    const [levels] = await rowsOf('gex_levels');
    const rows = await rowsOf('gex');
    const near = (text: string | null, want: number) =>
      expect(Math.abs(dollars(text) - want), `${text}: ${want}`).toBeLessThanOrEqual(0.06 * Math.abs(want) + 1);
    near(await page.textContent('.gex-foot .total'), levels.gex_total as number);
    const flip = levels.flip_price_int as number | null;
    const named = await page.textContent('.gex-label[data-kind="flip"]');
    if (flip !== null) expect(named).toMatch(new RegExp(`flip ${(flip / 1e9).toLocaleString('en-US', TO_THE_CENT)}$`));
    await page.locator('.gex-profile').focus();
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() => !document.querySelector<HTMLElement>('.gex-card')?.hidden);
    const card = await page.locator('.gex-card td').allTextContents();
    const strike = rows.find((row) => (row.strike_price_int as number) / 1e9 === Number(card[0].replace(',', '')))!;
    for (const [i, name] of ['gex_call_abs', 'gex_put_abs', 'gex'].entries()) near(card[1 + i], strike[name] as number);
    await page.mouse.move(5, 5);
    await page.locator('.surface').focus();
    await page.keyboard.press('e');
    await expectField(gex, await cellsOf(rows, 'strike_price_int', 'gex', 1e-6, lake.session.options!.stepTicks / 20));
    await keepScreenshot(page, `lake-gamma-${productType}`);
  });

  it('has the vacuum of the server', async () => {
    await page.keyboard.press('6');
    await kept('vacuum');
    // A price increment is to be some pixels high, so that none is a mean.
    await page.evaluate(() => {
      const { camera } = window.__spymaster!.picture;
      camera.setZoom(camera.zoomTime, 1e6);
    });
    const rows = (await rowsOf('vacuum')).filter((row) => row.rel_ticks !== 0);
    const own = rows.filter((row) => row.side === ((row.rel_ticks as number) > 0 ? 'A' : 'B'));
    const isBucket = lake.session.priceIncrementInt < lake.session.tickInt; // else every row has a line through its middle
    await expectField(vacuum, await cellsOf(own, 'price_int', 'vacuum_score', 1, isBucket ? 0 : 0.3));
    await keepScreenshot(page, `lake-vacuum-${productType}`);
  });

  /** Rows as heights and values; `by`: above the middle of the cell, in ticks, where a line of a whole price runs through it. */
  async function cellsOf(rows: readonly Cells[], price: string, value: string, unit: number, by: number) {
    const found = new Map(rows.map((row) => [heightOf(row[price] as number) + by, (row[value] as number) * unit]));
    const ticks = await clear([...found.keys()]);
    const lines = await page.evaluate(() => window.__spymaster!.picture.sceneState().spacing);
    const plain = ticks.filter((tick) => by !== 0 || !(tick % lines.minor === 0 || tick % (lines.micro || 1e9) === 0));
    return plain.slice(0, 40).map((tick) => ({ tick, value: found.get(tick)! }));
  }
}

const TO_THE_CENT = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
