// What the picture paints is what the data say, in a real browser on the real server.
import { describe, expect, it } from 'vitest';
import { RING_LAYERS } from '../src/layers/list';
import { DARK, LIGHT } from '../src/views/ground';
import { artefactPath, keepScreenshot, openPage, settled } from './harness';
import { useLakeSession } from './lake_session';
import { expectColour, nowOf, over, pixelsOf, waitForNow, waitUntil } from './seen';
import { catalogOf, certain, velocityRows } from './truth';

const lake = useLakeSession();

describe('the picture', () => {
  it('opens on the newest session by itself, with its past already there', async () => {
    const { context, page, complaints } = await openPage(lake.browser, lake.server.url);
    await settled(page);
    const seen = await page.evaluate(() => ({
      symbol: window.__spymaster!.playback.session?.symbol,
      dt: window.__spymaster!.playback.session?.dt,
      now: window.__spymaster!.playback.now!,
      connection: window.__spymaster!.playback.connection,
    }));
    const [{ symbol, dt }] = await catalogOf(lake.server.url);
    expect(seen).toMatchObject({ symbol, dt, connection: 'connected' });
    const kept = await page.evaluate(
      (now) => [1, 10, 60].map((age) => window.__spymaster!.playback.ring.has(now - age)),
      seen.now,
    );
    expect(kept).toEqual([true, true, true]);
    await waitUntil(page, (await nowOf(page)) + 2);
    await keepScreenshot(page, 'newest');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('paints a building cell green and a leaving cell red where the data say so', async () => {
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now));
    await settled(page);
    await waitForNow(page, now);
    const cells = await lake.cellsAt(now);
    const building = cells.filter((row) => row.fields.liquidity_velocity > 0.2).slice(0, 20);
    const leaving = cells.filter((row) => row.fields.liquidity_velocity < -0.2).slice(0, 20);
    expect(building.length).toBeGreaterThan(0);
    expect(leaving.length).toBeGreaterThan(0);
    const greens = await pixelsOf(page, building);
    for (const [i, row] of building.entries()) {
      const [r, g, b] = greens[i];
      expect(g > r && g > b, `${row.second} ${row.tick}: ${[r, g, b]}`).toBe(true);
      expectColour(
        [r, g, b],
        over([0, 1, 0.6, Math.tanh(2 * row.fields.liquidity_velocity) * 0.8], DARK.background),
        'building',
      );
    }
    const reds = await pixelsOf(page, leaving);
    for (const [i, row] of leaving.entries()) {
      const [r, g, b] = reds[i];
      expect(r > g && r > b, `${row.second} ${row.tick}: ${[r, g, b]}`).toBe(true);
      expectColour(
        [r, g, b],
        over([1, 0.27, 0.13, Math.tanh(-2 * row.fields.liquidity_velocity) * 0.8], DARK.background),
        'leaving',
      );
    }
    await context.close();
  });

  it.each(RING_LAYERS.map((layer, i) => [layer.id, i] as const))(
    'paints %s as its layer says, in every palette',
    async (id, index) => {
      const now = lake.quietSecond();
      const { context, page } = await openPage(lake.browser, lake.address(now, `&field=${id}&scale=fixed`));
      await settled(page);
      await waitForNow(page, now);
      await page.keyboard.press(String(index + 1));
      const layer = RING_LAYERS[index];
      const cells = await lake.cellsAt(now);
      const ordered = [...cells].sort((a, b) => a.fields[layer.field] - b.fields[layer.field]);
      const sample = [0, 0.05, 0.25, 0.5, 0.75, 0.9, 0.97, 1].map(
        (share) => ordered[Math.round(share * (ordered.length - 1))],
      );
      const looks = [
        ['', { safe: false, light: false }],
        ['p', { safe: true, light: false }],
        ['t', { safe: true, light: true }],
        ['p', { safe: false, light: true }],
      ] as const;
      for (const [key, look] of looks) {
        if (key) await page.keyboard.press(key);
        const pixels = await pixelsOf(page, sample);
        for (const [i, row] of sample.entries()) {
          const want = over(layer.colour(row.fields[layer.field], look), (look.light ? LIGHT : DARK).background);
          expectColour(pixels[i], want, `${id} ${JSON.stringify(look)} of ${row.fields[layer.field]}`);
        }
        if (key === '') await keepScreenshot(page, `field-${id}`);
        if (look.light && !look.safe && index === 0) await keepScreenshot(page, 'light');
      }
      await context.close();
    },
  );

  it('paints obstacles by the percentiles of what is visible, says so, and goes back to the fixed scale', async () => {
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now));
    await settled(page);
    await waitForNow(page, now);
    await page.keyboard.press('5');
    const shown = async () => {
      await page.waitForTimeout(1200);
      return page.evaluate(() => {
        const { scale, camera } = window.__spymaster!.picture;
        const { left, bottom, top } = camera;
        return { scale, left, bottom, top };
      });
    };
    const { scale, left, bottom, top } = await shown();
    expect(scale.kind).toBe('view');
    const first = Math.max(lake.session.first, now + Math.ceil(left));
    const bad = new Set(lake.quality.filter((q) => !q.valid).map((q) => q.second));
    const seen = (await velocityRows(lake.server.url, lake.session, first, now))
      .filter((row) => certain(row) && row.tick > bottom && row.tick < top && !bad.has(row.second))
      .map((row) => row.fields.Omega)
      .sort((a, b) => a - b);
    const [low, high] = [0.1, 0.98].map((share) => seen[Math.round(share * (seen.length - 1))]);
    expect(Math.abs(scale.ends.from - low)).toBeLessThan(0.1 * (high - low));
    expect(Math.abs(scale.ends.to - high)).toBeLessThan(0.1 * (high - low));
    const texts = () => page.$$eval('.layers .end, .scale-kind', (nodes) => nodes.map((node) => node.textContent));
    const three = (value: number) => String(Number(value.toPrecision(3)));
    expect(await texts()).toEqual([three(scale.ends.from), three(scale.ends.to), 'percentile']);

    const layer = RING_LAYERS[4];
    const cells = (await lake.cellsAt(now)).filter((_, i) => i % 200 === 0);
    const look = { safe: false, light: false };
    const ends = { from: layer.stretch.from, to: layer.stretch.to };
    for (const [i, pixel] of (await pixelsOf(page, cells)).entries()) {
      const share = (cells[i].fields.Omega - scale.ends.from) / (scale.ends.to - scale.ends.from);
      const value = ends.from + Math.min(1, Math.max(0, share)) * (ends.to - ends.from);
      expectColour(pixel, over(layer.colour(value, look), DARK.background), `Omega ${cells[i].fields.Omega}`);
    }
    await keepScreenshot(page, 'percentile');

    await page.keyboard.press('a');
    expect((await shown()).scale).toMatchObject({ kind: 'fixed', ends: layer.legend });
    expect(await texts()).toEqual(['0', '3', 'fixed']);
    await page.waitForFunction(() => location.search.includes('field=obstacle&scale=fixed'));
    for (const [i, pixel] of (await pixelsOf(page, cells)).entries())
      expectColour(pixel, over(layer.colour(cells[i].fields.Omega, look), DARK.background), 'fixed again');
    // Remembered for this field, and for this one alone; an address that says otherwise is obeyed.
    const kindAt = async (more: string) => {
      await page.goto(lake.address(now, more));
      await settled(page);
      return (await shown()).scale.kind;
    };
    expect(await kindAt('&field=obstacle')).toBe('fixed');
    expect(await kindAt('&field=viscosity')).toBe('view');
    expect(await kindAt('&field=obstacle&scale=view')).toBe('view');
    await page.getByRole('button', { name: 'Scale:' }).click();
    expect((await shown()).scale.kind).toBe('fixed');
    await context.close();
  });

  it('leads from the legend to the formula', async () => {
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond(), '&field=obstacle'));
    await settled(page);
    const [formula] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Formula of Obstacles' }).click(),
    ]);
    await formula.waitForLoadState();
    expect(formula.url()).toBe(`${lake.server.url}/docs/physics.html#Omega`);
    expect(await formula.textContent('tr:target')).toContain('u_p_slow');
    await formula.screenshot({ path: artefactPath('page-formula.png') });
    await context.close();
  });

  it('has cells that show, in each field', async () => {
    const cells = await lake.cellsAt(lake.quietSecond());
    for (const layer of RING_LAYERS) {
      const shown = cells.filter(
        (row) => layer.colour(row.fields[layer.field], { safe: false, light: false })[3] > 0.1,
      );
      expect(shown.length, layer.id).toBeGreaterThan(0);
    }
  });

  it('draws the spot line at spot', async () => {
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now, '&zoom=4,4'));
    await settled(page);
    await waitForNow(page, now);
    const spots = await velocityRows(lake.server.url, lake.session, now - 20, now).then((rows) =>
      rows.filter((row) => row.rel === 0 && row.side === 'A'),
    );
    const steady = spots.find((row, i) => i > 0 && i < spots.length - 1 && spots[i - 1].tick === row.tick);
    expect(steady).toBeDefined();
    expectColour((await pixelsOf(page, [steady!]))[0], [0x44, 0xdd, 0xff], 'spot line');
    await context.close();
  });

  it('is crisp at any pixel ratio', async () => {
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond()), {
      width: 1600,
      height: 1000,
      scale: 2,
    });
    await settled(page);
    const size = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.grid')!;
      return [canvas.width - 2 * canvas.clientWidth, canvas.height - 2 * canvas.clientHeight];
    });
    expect(size).toEqual([0, 0]);
    await context.close();
  });

  it.each([
    [1024, 700],
    [3840, 2160],
  ])('fits %i x %i', async (width, height) => {
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond()), { width, height });
    await settled(page);
    const overflow = await page.evaluate(() => [
      document.body.scrollWidth - innerWidth,
      document.body.scrollHeight - innerHeight,
    ]);
    expect(overflow).toEqual([0, 0]);
    await keepScreenshot(page, `${width}x${height}`);
    await context.close();
  });
});
