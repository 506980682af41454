// The page in a real browser on the real server: what it draws is what the data say, and every control does its work.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rgba } from '../src/layers/layer';
import { LAYERS } from '../src/layers/list';
import { isoText, NEW_YORK, timeOfDay } from '../src/model/clock';
import { DARK, LIGHT } from '../src/views/ground';
import {
  artefactPath,
  keepScreenshot,
  launchBrowser,
  openPage,
  preparedLake,
  type RunningServer,
  settled,
  startServer,
} from './harness';
import { certain, newestSession, type Quality, qualities, type Row, type Session, velocityRows } from './truth';

let server: RunningServer;
let browser: Browser;
let session: Session;
let quality: Quality[];

beforeAll(async () => {
  server = await startServer(preparedLake());
  browser = await launchBrowser();
  session = await newestSession(server.url);
  quality = await qualities(server.url, session);
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

const address = (second: number, more = '') =>
  `${server.url}/?symbol=${session.symbol}&dt=${session.dt}&t=${isoText(second)}&paused=1${more}`;

/** A second with quiet, valid data around it, late enough to have some past. */
function quietSecond(): number {
  const bad = new Set(quality.filter((q) => !q.valid || q.newEpoch || q.crossed).map((q) => q.second));
  for (let second = session.first + 200; second < session.last - 100; second++) {
    if (Array.from({ length: 120 }, (_, i) => second - i).every((s) => !bad.has(s))) return second;
  }
  throw new Error('the prepared session has no two minutes without a gap');
}

const nowOf = (page: Page) => page.evaluate(() => window.__spymaster?.playback.now ?? 0);
/** Colours at the middles of cells, all of one drawing. */
const pixelsOf = (page: Page, rows: { second: number; tick: number }[]) =>
  page.evaluate(
    (cells) => {
      const picture = window.__spymaster!.picture;
      return picture.pixelsAt(cells.map(({ second, tick }) => picture.cellAt(second, tick)!));
    },
    rows.map(({ second, tick }) => ({ second, tick })),
  );

const over = (colour: Rgba, ground: readonly number[]) =>
  ground.map((g, i) => Math.round((g + (colour[i] - g) * colour[3]) * 255));

function expectColour(got: readonly number[], want: readonly number[], what: string): void {
  const away = Math.max(...got.map((value, i) => Math.abs(value - want[i])));
  expect(away, `${what}: got ${got.join()}, the data say ${want.join()}`).toBeLessThanOrEqual(2);
}

/** Cells to compare: clear of the spot line and its glow, and of grid lines, and not moved out of sight by spot since. */
const visible = (row: Row, now: number, spot: number) =>
  certain(row) &&
  Math.abs(row.rel) > 4 &&
  Math.abs(row.tick - spot) < 25 &&
  row.tick % 4 !== 0 &&
  row.second > now - 60;

async function cellsAt(now: number): Promise<Row[]> {
  const rows = await velocityRows(server.url, session, now - 59, now);
  const lines = new Map(rows.filter((row) => row.rel === 0).map((row) => [row.second, row.tick]));
  const spot = lines.get(now) ?? 0;
  // The line joins the spots of neighbouring seconds: a cell must be clear of those as well.
  const clear = (row: Row) =>
    [-1, 0, 1].every((by) => Math.abs((lines.get(row.second + by) ?? row.tick - row.rel) - row.tick) > 4);
  return rows.filter((row) => visible(row, now, spot) && clear(row));
}

async function waitForNow(page: Page, second: number): Promise<void> {
  await page.waitForFunction((wanted) => window.__spymaster?.playback.now === wanted, second);
}

const waitUntil = (page: Page, second: number) =>
  page.waitForFunction((wanted) => (window.__spymaster?.playback.now ?? 0) >= wanted, second);

describe('the picture', () => {
  it('opens on the newest session by itself, with its past already there', async () => {
    const { context, page, complaints } = await openPage(browser, server.url);
    await settled(page);
    const seen = await page.evaluate(() => ({
      symbol: window.__spymaster!.playback.session?.symbol,
      dt: window.__spymaster!.playback.session?.dt,
      now: window.__spymaster!.playback.now!,
      connection: window.__spymaster!.playback.connection,
    }));
    expect(seen).toMatchObject({ symbol: session.symbol, dt: session.dt, connection: 'connected' });
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
    const now = quietSecond();
    const { context, page } = await openPage(browser, address(now));
    await settled(page);
    await waitForNow(page, now);
    const cells = await cellsAt(now);
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

  it.each(LAYERS.map((layer, i) => [layer.id, i] as const))(
    'paints %s as its layer says, in every palette',
    async (id, index) => {
      const now = quietSecond();
      const { context, page } = await openPage(browser, address(now, `&field=${id}&scale=fixed`));
      await settled(page);
      await waitForNow(page, now);
      await page.keyboard.press(String(index + 1));
      const layer = LAYERS[index];
      const cells = await cellsAt(now);
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
    const now = quietSecond();
    const { context, page } = await openPage(browser, address(now));
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
    const first = Math.max(session.first, now + Math.ceil(left));
    const bad = new Set(quality.filter((q) => !q.valid).map((q) => q.second));
    const seen = (await velocityRows(server.url, session, first, now))
      .filter((row) => certain(row) && row.tick > bottom && row.tick < top && !bad.has(row.second))
      .map((row) => row.fields.Omega)
      .sort((a, b) => a - b);
    const [low, high] = [0.1, 0.98].map((share) => seen[Math.round(share * (seen.length - 1))]);
    expect(Math.abs(scale.ends.from - low)).toBeLessThan(0.1 * (high - low));
    expect(Math.abs(scale.ends.to - high)).toBeLessThan(0.1 * (high - low));
    const texts = () => page.$$eval('.legend .end, .scale-kind', (nodes) => nodes.map((node) => node.textContent));
    const three = (value: number) => String(Number(value.toPrecision(3)));
    expect(await texts()).toEqual([three(scale.ends.from), three(scale.ends.to), 'percentile']);

    const layer = LAYERS[4];
    const cells = (await cellsAt(now)).filter((_, i) => i % 200 === 0);
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
      await page.goto(address(now, more));
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
    const { context, page } = await openPage(browser, address(quietSecond(), '&field=obstacle'));
    await settled(page);
    const [formula] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Formula of Obstacles' }).click(),
    ]);
    await formula.waitForLoadState();
    expect(formula.url()).toBe(`${server.url}/docs/physics.html#Omega`);
    expect(await formula.textContent('tr:target')).toContain('u_p_slow');
    await formula.screenshot({ path: artefactPath('page-formula.png') });
    await context.close();
  });

  it('has cells that show, in each field', async () => {
    const cells = await cellsAt(quietSecond());
    for (const layer of LAYERS) {
      const shown = cells.filter(
        (row) => layer.colour(row.fields[layer.field], { safe: false, light: false })[3] > 0.1,
      );
      expect(shown.length, layer.id).toBeGreaterThan(0);
    }
  });

  it('draws the spot line at spot', async () => {
    const now = quietSecond();
    const { context, page } = await openPage(browser, address(now, '&zoom=4,4'));
    await settled(page);
    await waitForNow(page, now);
    const spots = await velocityRows(server.url, session, now - 20, now).then((rows) =>
      rows.filter((row) => row.rel === 0 && row.side === 'A'),
    );
    const steady = spots.find((row, i) => i > 0 && i < spots.length - 1 && spots[i - 1].tick === row.tick);
    expect(steady).toBeDefined();
    expectColour((await pixelsOf(page, [steady!]))[0], [0x44, 0xdd, 0xff], 'spot line');
    await context.close();
  });

  it('is crisp at any pixel ratio', async () => {
    const { context, page } = await openPage(browser, address(quietSecond()), { width: 1600, height: 1000, scale: 2 });
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
    const { context, page } = await openPage(browser, address(quietSecond()), { width, height });
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

describe('truth on the screen', () => {
  it('hatches invalid seconds and never paints their fields', async () => {
    const invalid = quality.filter((q) => !q.valid && q.second > session.first + 10 && q.second < session.last - 5);
    expect(invalid.length, 'the prepared session must have an invalid second').toBeGreaterThan(0);
    const second = invalid[0].second;
    const { context, page } = await openPage(browser, address(second + 5));
    await settled(page);
    await waitForNow(page, second + 5);
    const column = await page.evaluate((s) => {
      const picture = window.__spymaster!.picture;
      const middle = picture.cellAt(s, picture.camera.centreTick)!;
      return picture.pixelsAt(Array.from({ length: 120 }, (_, i) => ({ x: middle.x, y: middle.y - 60 + i })));
    }, second);
    // Between ground and hatch everything is a grey: no green, no red.
    for (const [r, g, b] of column) expect(Math.abs(r - g) <= 14 && b - r <= 18, `${r},${g},${b}`).toBe(true);
    expect(new Set(column.map(String)).size).toBeGreaterThan(1);
    const at = await page.evaluate((s) => {
      const picture = window.__spymaster!.picture;
      const cell = picture.cellAt(s, picture.camera.centreTick + 6)!;
      const box = picture.surface.getBoundingClientRect();
      return { x: cell.x + box.x, y: cell.y + box.y };
    }, second);
    await page.mouse.move(at.x, at.y);
    await page.waitForSelector('.readings .data td');
    const text = await page.textContent('.readings');
    expect(text).toContain('book invalid');
    expect(text).not.toContain('building');
    await keepScreenshot(page, 'invalid');
    await context.close();
  });

  it('marks restarts, crossed books, late and odd records, and names them', async () => {
    const kinds = [
      ['restarted', (q: Quality) => q.newEpoch],
      ['crossed', (q: Quality) => q.crossed],
      ['late record', (q: Quality) => q.late > 0],
      ['at odds', (q: Quality) => q.anomalies > 0],
    ] as const;
    let checked = 0;
    for (const [word, is] of kinds) {
      const found = quality.find((q) => is(q) && q.second > session.first + 5 && q.second < session.last - 5);
      if (!found) continue;
      checked++;
      const { context, page } = await openPage(browser, address(found.second + 3));
      await settled(page);
      await waitForNow(page, found.second + 3);
      const at = await page.evaluate((s) => {
        const picture = window.__spymaster!.picture;
        const cell = picture.cellAt(s, picture.camera.centreTick + 6)!;
        const box = picture.surface.getBoundingClientRect();
        return { x: cell.x + box.x, y: cell.y + box.y };
      }, found.second);
      await page.mouse.move(at.x, at.y);
      await page.waitForSelector('.readings .data:not([hidden]) td');
      expect(await page.textContent('.readings')).toContain(word);
      await context.close();
    }
    expect(checked, 'the prepared session must have a restart at least').toBeGreaterThan(0);
  });

  it('shows best prices, spread and book of the second', async () => {
    const now = quietSecond();
    const { context, page } = await openPage(browser, address(now));
    await settled(page);
    await waitForNow(page, now);
    const q = quality.find((entry) => entry.second === now)!;
    await page.waitForFunction((bid) => document.querySelector('.bid')?.textContent === bid, (q.bid / 1e9).toFixed(2));
    expect(await page.textContent('.ask')).toBe((q.ask / 1e9).toFixed(2));
    expect(await page.textContent('.spread')).toBe(`spread ${Math.round((q.ask - q.bid) / session.tickInt)}`);
    expect(await page.textContent('.book')).toBe('book ok');
    expect(await page.textContent('.forecast')).toBe('no forecast yet');
    expect(await page.textContent('.hud')).toContain(`TS: ${timeOfDay(now, 'UTC')} UTC`);
    await context.close();
  });
});

describe('the crosshair', () => {
  it('reads out the cell under it, pins it and copies it', async () => {
    const now = quietSecond();
    const { context, page } = await openPage(browser, address(now));
    await settled(page);
    await waitForNow(page, now);
    const row = (await cellsAt(now)).find((cell) => Math.abs(cell.fields.liquidity_velocity) > 0.1)!;
    const at = await page.evaluate(
      ([second, tick]) => {
        const cell = window.__spymaster!.picture.cellAt(second, tick)!;
        const box = window.__spymaster!.picture.surface.getBoundingClientRect();
        return { x: cell.x + box.x, y: cell.y + box.y };
      },
      [row.second, row.tick],
    );
    await page.mouse.move(at.x, at.y);
    await page.waitForFunction(() => !document.querySelector<HTMLElement>('.readings')?.hidden);
    const text = (await page.textContent('.readings')) ?? '';
    const three = (value: number) => Math.abs(Math.fround(value)).toFixed(3);
    expect(text).toContain(`${timeOfDay(row.second, NEW_YORK)} New York`);
    expect(text).toContain(`$${((row.tick * session.tickInt) / 1e9).toFixed(2)}`);
    expect(text).toContain(
      `${row.fields.liquidity_velocity > 0 ? '+' : '−'}${three(row.fields.liquidity_velocity)} 1/s`,
    );
    expect(text).toContain(three(row.fields.nu));
    expect(text).toContain(three(row.fields.Omega));
    expect(text).toContain(`${Math.round(Math.exp(row.fields.rho) - 1)} lots`);
    await page.mouse.click(at.x, at.y);
    await page.mouse.move(at.x + 120, at.y + 60);
    expect(await page.textContent('.readings')).toBe(text);
    await keepScreenshot(page, 'crosshair');
    await page.keyboard.press('c');
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('Velocity'));
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(`${session.symbol} ${session.dt}`);
    expect(copied).toContain(three(row.fields.liquidity_velocity));
    await context.close();
  });

  it('says what happened in a range dragged with Shift, as /v1/flow says', async () => {
    const now = quietSecond();
    const { context, page } = await openPage(browser, address(now));
    await settled(page);
    await waitForNow(page, now);
    const spot = await page.evaluate((second) => window.__spymaster!.playback.ring.spotTick(second), now);
    const [from, to] = [
      { second: now - 40, tick: spot + 10 },
      { second: now - 10, tick: spot - 10 },
    ];
    const points = await page.evaluate(
      (cells) => {
        const picture = window.__spymaster!.picture;
        const box = picture.surface.getBoundingClientRect();
        return cells
          .map((cell) => picture.cellAt(cell.second, cell.tick)!)
          .map((p) => ({ x: p.x + box.x, y: p.y + box.y }));
      },
      [from, to],
    );
    await page.keyboard.down('Shift');
    await page.mouse.move(points[0].x, points[0].y);
    await page.mouse.down();
    await page.mouse.move(points[1].x, points[1].y, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.waitForSelector('.range-panel td');
    const price = (tick: number) => tick * session.tickInt;
    const query = `start=${now - 41}000000000&end=${now - 10}000000000&price_low=${price(spot - 10)}&price_high=${price(spot + 10)}`;
    const flow = (await (
      await fetch(`${server.url}/v1/flow?symbol=${session.symbol}&dt=${session.dt}&${query}`)
    ).json()) as {
      sides: Record<'A' | 'B', { added: number; pulled: number; filled: number }>;
      trade_count: number;
    };
    const cells = await page.$$eval('.range-panel td', (nodes) => nodes.map((node) => node.textContent));
    const lots = (value: number) => Math.round(value).toLocaleString('en-US');
    const { A, B } = flow.sides;
    expect(flow.sides.A.added + flow.sides.B.added).toBeGreaterThan(0);
    expect(cells).toEqual([
      'added',
      lots(B.added),
      lots(A.added),
      'pulled',
      lots(B.pulled),
      lots(A.pulled),
      'filled',
      lots(B.filled),
      lots(A.filled),
    ]);
    expect(await page.textContent('.range-panel')).toContain(`${lots(flow.trade_count)} trades in 31 s`);
    await keepScreenshot(page, 'range');
    await context.close();
  });
});

describe('moving about', () => {
  it('steps, seeks, plays, pauses and changes speed', async () => {
    const now = quietSecond();
    const { context, page, complaints } = await openPage(browser, address(now));
    await settled(page);
    await waitForNow(page, now);
    await page.keyboard.press('ArrowRight');
    await waitForNow(page, now + 1);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await waitForNow(page, now - 1);
    await page.keyboard.press('Shift+ArrowRight');
    await waitForNow(page, now + 59);
    await page.getByRole('button', { name: 'Step a second back' }).click();
    await waitForNow(page, now + 58);

    await page.keyboard.press('g');
    await page.keyboard.type(timeOfDay(now - 5, NEW_YORK));
    await page.keyboard.press('Enter');
    await waitForNow(page, now - 5);
    await page.keyboard.press('g');
    await page.keyboard.type('03:03:03');
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('.goto', 'aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');

    await page.locator('.scrubber').fill(String(session.first + 60));
    await waitForNow(page, session.first + 60);

    await page.getByRole('button', { name: 'Speed 10' }).click();
    await page.waitForFunction(() => window.__spymaster?.playback.state.speed === 10);
    await page.keyboard.press('+');
    await page.waitForFunction(() => window.__spymaster?.playback.state.speed === 60);
    await page.keyboard.press('Space');
    await page.waitForFunction((second) => (window.__spymaster?.playback.now ?? 0) > second, session.first + 70);
    await page.keyboard.press('Space');
    await page.waitForFunction(() => window.__spymaster?.playback.state.playing === false);
    const held = await nowOf(page);
    await page.waitForTimeout(500);
    expect(await nowOf(page)).toBe(held);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('stays on the last second at the end, and can go back from there', async () => {
    const { context, page } = await openPage(browser, `${server.url}/?t=${isoText(session.last - 20)}&speed=60`);
    await page.waitForFunction(() => window.__spymaster?.playback.state.ended === true);
    expect(await nowOf(page)).toBe(session.last);
    expect(await page.textContent('.pace')).toContain('ended');
    await page.keyboard.press('Shift+ArrowLeft');
    await waitForNow(page, session.last - 60);
    await context.close();
  });

  it('zooms at the pointer, pans, says that it no longer follows, and returns', async () => {
    const { context, page } = await openPage(browser, address(quietSecond()));
    await settled(page);
    const camera = () =>
      page.evaluate(() => {
        const c = window.__spymaster!.picture.camera;
        return {
          zoomTime: c.zoomTime,
          zoomPrice: c.zoomPrice,
          back: c.back,
          following: c.following,
          under: c.tickOfPixel(200),
        };
      });
    const box = (await page.locator('.surface').boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 200);
    const before = await camera();
    await page.mouse.wheel(0, -100);
    await page.waitForFunction(() => window.__spymaster!.picture.camera.zoomPrice > 1.05);
    const after = await camera();
    expect(after.zoomTime).toBeCloseTo(1.1);
    expect(after.under).toBeCloseTo(before.under);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 100);
    await page.keyboard.up('Shift');
    await page.waitForFunction(() => window.__spymaster!.picture.camera.zoomTime < 1.05);
    expect((await camera()).zoomPrice).toBeCloseTo(1.1);
    await page.mouse.down();
    await page.mouse.move(box.x + 500, box.y + 240, { steps: 4 });
    await page.mouse.up();
    expect(await camera()).toMatchObject({ following: false });
    expect((await camera()).back).toBeGreaterThan(0);
    expect(await page.textContent('.follow')).toContain('looking around');
    await page.keyboard.press('f');
    expect(await camera()).toMatchObject({ following: true, back: 0 });
    expect(await page.evaluate(() => window.__spymaster!.picture.crosshair.isPinned)).toBe(false);
    await context.close();
  });

  it('picks symbol and date by keyboard', async () => {
    const { context, page } = await openPage(browser, address(quietSecond()));
    await settled(page);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Symbol');
    const dates = await page.$$eval('select[aria-label="Date"] option', (nodes) =>
      nodes.map((node) => (node as HTMLOptionElement).value),
    );
    expect(dates).toContain(session.dt);
    await page.selectOption('select[aria-label="Date"]', dates[dates.length - 1]);
    await settled(page);
    expect(await page.evaluate(() => window.__spymaster!.playback.session?.dt)).toBe(dates[dates.length - 1]);
    await context.close();
  });

  it('keeps what is seen in the address', async () => {
    const now = quietSecond();
    const { context, page } = await openPage(browser, address(now));
    await settled(page);
    await page.keyboard.press('3');
    await page.keyboard.press('+');
    const box = (await page.locator('.surface').boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 200);
    await page.mouse.wheel(0, -100);
    await page.mouse.down();
    await page.mouse.move(box.x + 420, box.y + 230, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(
      () =>
        location.search.includes('back=') &&
        location.search.includes('speed=2') &&
        window.__spymaster!.addressIsCurrent,
    );
    const seen = () =>
      page.evaluate(() => {
        const { picture, playback } = window.__spymaster!;
        const { zoomTime, zoomPrice, centreTick, back, following } = picture.camera;
        const round = (value: number) => Math.round(value * 20) / 20;
        return [
          playback.now,
          playback.state.speed,
          playback.state.playing,
          picture.look.layer,
          round(zoomTime),
          round(zoomPrice),
          round(centreTick),
          Math.round(back),
          following,
        ];
      });
    const before = await seen();
    await page.reload();
    await settled(page);
    await waitForNow(page, now);
    await page.waitForFunction(() => window.__spymaster?.playback.state.speed === 2);
    expect(await seen()).toEqual(before);
    await context.close();
  });

  it('saves a picture with what it is of', async () => {
    const { context, page } = await openPage(browser, address(quietSecond()));
    await settled(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^${session.symbol}_${session.dt}_\\d{6}Z\\.png$`));
    const path = artefactPath('saved-picture.png');
    await download.saveAs(path);
    const { readFileSync } = await import('node:fs');
    const picture = PNG.sync.read(readFileSync(path));
    const size = await page.evaluate(() => [
      document.querySelector('canvas.grid')!.clientWidth,
      document.querySelector('canvas.grid')!.clientHeight,
    ]);
    expect([picture.width, picture.height]).toEqual([size[0] + 80, size[1] + 22]);
    let colours = 0;
    for (let i = 0; i < picture.data.length; i += 4) if (picture.data[i + 1] > 90 && picture.data[i] < 60) colours++;
    expect(colours, 'cells in the saved picture').toBeGreaterThan(50);
    await context.close();
  });

  it('shows the keys, and every control has a name', async () => {
    const { context, page } = await openPage(browser, address(quietSecond()));
    await settled(page);
    await page.keyboard.press('?');
    expect(await page.locator('dialog.help').isVisible()).toBe(true);
    await keepScreenshot(page, 'help');
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog.help').isVisible()).toBe(false);
    const nameless = await page.$$eval('button, select, input', (nodes) =>
      nodes
        .filter((node) => !(node.getAttribute('aria-label') || node.textContent?.trim()))
        .map((node) => node.outerHTML),
    );
    expect(nameless).toEqual([]);
    await context.close();
  });

  it('adds nothing to the page as seconds pass', async () => {
    const { context, page } = await openPage(browser, `${server.url}/?t=${isoText(session.first + 60)}&speed=60`);
    await settled(page);
    const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
    await page.waitForFunction((second) => (window.__spymaster?.playback.now ?? 0) > second, session.first + 90);
    const before = await nodes();
    await page.waitForFunction((second) => (window.__spymaster?.playback.now ?? 0) > second, session.first + 270);
    // Axis labels come from a pool that grows to the most ever shown at once, and no further.
    expect((await nodes()) - before).toBeLessThanOrEqual(6);
    const cost = await page.evaluate(() => {
      const middle = (times: number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
      return { window: middle(window.__spymaster!.windowTimes), draw: middle(window.__spymaster!.picture.times.draw) };
    });
    console.log(`main thread, median: ${cost.window.toFixed(2)} ms a window, ${cost.draw.toFixed(2)} ms a frame`);
    await context.close();
  });
});

describe('a line that breaks', () => {
  it('keeps the last picture, says so, and returns to where it was', async () => {
    const lake = preparedLake();
    let own = await startServer(lake);
    const now = quietSecond();
    const { context, page } = await openPage(
      browser,
      `${own.url}/?symbol=${session.symbol}&dt=${session.dt}&t=${isoText(now)}`,
    );
    await settled(page);
    await waitUntil(page, now + 2);
    await own.kill();
    await page.waitForFunction(() => window.__spymaster?.playback.connection === 'reconnecting');
    const held = await nowOf(page);
    const cell = (await cellsAt(now)).find((row) => row.second > now - 30 && row.fields.liquidity_velocity > 0.3)!;
    const [[r, g]] = await pixelsOf(page, [cell]);
    expect(g).toBeGreaterThan(r);
    expect(await page.textContent('.connection')).toBe('reconnecting');
    await keepScreenshot(page, 'reconnecting');
    const seen = page.evaluate(
      () =>
        new Promise<number>((done) => {
          const first = window.__spymaster!.playback.now!;
          const look = () =>
            window.__spymaster!.playback.now! > first
              ? done(window.__spymaster!.playback.now!)
              : requestAnimationFrame(look);
          look();
        }),
    );
    own = await startServer(lake, own.port);
    expect(await seen).toBe(held + 1);
    expect(await page.textContent('.connection')).toBe('connected');
    await own.kill();
    await context.close();
  });

  it('is put back exactly where it was when paused', async () => {
    const lake = preparedLake();
    let own = await startServer(lake);
    const now = quietSecond();
    const { context, page } = await openPage(browser, `${own.url}/?t=${isoText(now)}&paused=1`);
    await settled(page);
    await waitForNow(page, now);
    await own.kill();
    await page.waitForFunction(() => window.__spymaster?.playback.connection === 'reconnecting');
    own = await startServer(lake, own.port);
    await page.waitForFunction(() => window.__spymaster?.playback.connection === 'connected');
    await page.waitForFunction((second) => window.__spymaster?.playback.state.second === second, now);
    expect(await nowOf(page)).toBe(now);
    await page.keyboard.press('ArrowRight');
    await waitForNow(page, now + 1);
    await own.kill();
    await context.close();
  });

  it('says how to fill an empty lake', async () => {
    const own = await startServer(mkdtempSync(join(tmpdir(), 'spymaster-empty-lake-')));
    const { context, page, complaints } = await openPage(browser, own.url);
    await page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('make demo'));
    expect(await page.textContent('.notice')).toContain('spymaster simulate');
    await keepScreenshot(page, 'empty-lake');
    expect(complaints).toEqual([]);
    await own.kill();
    await context.close();
  });
});
