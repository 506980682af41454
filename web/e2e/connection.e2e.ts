// A server that goes away and comes back, and one that has nothing.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepScreenshot, openPage, preparedLake, settled, startServer } from './harness';
import { useLakeSession } from './lake_session';
import { nowOf, pixelsOf, waitForNow, waitUntil } from './seen';

const lake = useLakeSession();

describe('a line that breaks', () => {
  it('keeps the last picture, says so, and returns to where it was', async () => {
    const folder = preparedLake();
    let own = await startServer(folder);
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.link(now, '', own.url));
    await settled(page);
    await waitUntil(page, now + 2);
    await own.kill();
    await page.waitForFunction(() => window.__spymaster?.playback.connection === 'reconnecting');
    const held = await nowOf(page);
    const cell = (await lake.cellsAt(now)).find((row) => row.second > now - 30 && row.fields.liquidity_velocity > 0.3)!;
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
    own = await startServer(folder, own.port);
    expect(await seen).toBe(held + 1);
    expect(await page.textContent('.connection')).toBe('connected');
    await own.kill();
    await context.close();
  });

  it('is put back exactly where it was when paused', async () => {
    const folder = preparedLake();
    let own = await startServer(folder);
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now, '', own.url));
    await settled(page);
    await waitForNow(page, now);
    await own.kill();
    await page.waitForFunction(() => window.__spymaster?.playback.connection === 'reconnecting');
    own = await startServer(folder, own.port);
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
    const { context, page, complaints } = await openPage(lake.browser, own.url);
    await page.waitForFunction(() => document.querySelector('.notice')?.textContent?.includes('make demo'));
    expect(await page.textContent('.notice')).toContain('spymaster simulate');
    await keepScreenshot(page, 'empty-lake');
    expect(complaints).toEqual([]);
    await own.kill();
    await context.close();
  });
});
