// What is wrong with the data is shown where it is, and the crosshair reads out what is there.
import { describe, expect, it } from 'vitest';
import { NEW_YORK, timeOfDay } from '../src/model/clock';
import { keepScreenshot, openPage, settled } from './harness';
import { useLakeSession } from './lake_session';
import { waitForNow } from './seen';
import type { Quality } from './truth';

const lake = useLakeSession();

describe('truth on the screen', () => {
  it('hatches invalid seconds and never paints their fields', async () => {
    const invalid = lake.quality.filter(
      (q) => !q.valid && q.second > lake.session.first + 10 && q.second < lake.session.last - 5,
    );
    expect(invalid.length, 'the prepared session must have an invalid second').toBeGreaterThan(0);
    const second = invalid[0].second;
    const { context, page } = await openPage(lake.browser, lake.address(second + 5, '&options=1'));
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
      const found = lake.quality.find(
        (q) => is(q) && q.second > lake.session.first + 5 && q.second < lake.session.last - 5,
      );
      if (!found) continue;
      checked++;
      const { context, page } = await openPage(lake.browser, lake.address(found.second + 3));
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
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now));
    await settled(page);
    await waitForNow(page, now);
    const q = lake.quality.find((entry) => entry.second === now)!;
    await page.waitForFunction((bid) => document.querySelector('.bid')?.textContent === bid, (q.bid / 1e9).toFixed(2));
    expect(await page.textContent('.ask')).toBe((q.ask / 1e9).toFixed(2));
    expect(await page.textContent('.spread')).toBe(`spread ${Math.round((q.ask - q.bid) / lake.session.tickInt)}`);
    expect(await page.textContent('.book')).toBe('book ok');
    expect(await page.textContent('.hud')).toContain(`TS: ${timeOfDay(now, 'UTC')} UTC`);
    await context.close();
  });
});

describe('the crosshair', () => {
  it('reads out the cell under it, pins it and copies it', async () => {
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now));
    await settled(page);
    await waitForNow(page, now);
    const row = (await lake.cellsAt(now)).find((cell) => Math.abs(cell.fields.liquidity_velocity) > 0.1)!;
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
    expect(text).toContain(`$${((row.tick * lake.session.tickInt) / 1e9).toFixed(2)}`);
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
    expect(copied).toContain(`${lake.session.symbol} ${lake.session.dt}`);
    expect(copied).toContain(three(row.fields.liquidity_velocity));
    await context.close();
  });

  it('says what happened in a range dragged with Shift, as /v1/flow says', async () => {
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now));
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
    const price = (tick: number) => tick * lake.session.tickInt;
    const query = `start=${now - 41}000000000&end=${now - 10}000000000&price_low=${price(spot - 10)}&price_high=${price(spot + 10)}`;
    const flow = (await (
      await fetch(`${lake.server.url}/v1/flow?symbol=${lake.session.symbol}&dt=${lake.session.dt}&${query}`)
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
