// Moving about in time and price, and taking away what is seen.
import { readFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { NEW_YORK, timeOfDay } from '../src/model/clock';
import { artefactPath, keepScreenshot, openPage, settled } from './harness';
import { useLakeSession } from './lake_session';
import { nowOf, waitForNow } from './seen';

const lake = useLakeSession();

describe('moving about', () => {
  it('steps, seeks, plays, pauses and changes speed', async () => {
    const now = lake.quietSecond();
    const { context, page, complaints } = await openPage(lake.browser, lake.address(now));
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

    await page.locator('.scrubber').fill(String(lake.session.first + 60));
    await waitForNow(page, lake.session.first + 60);

    await page.getByRole('button', { name: 'Speed 10' }).click();
    await page.waitForFunction(() => window.__spymaster?.playback.state.speed === 10);
    await page.keyboard.press('+');
    await page.waitForFunction(() => window.__spymaster?.playback.state.speed === 60);
    await page.keyboard.press('Space');
    await page.waitForFunction((second) => (window.__spymaster?.playback.now ?? 0) > second, lake.session.first + 70);
    await page.keyboard.press('Space');
    await page.waitForFunction(() => window.__spymaster?.playback.state.playing === false);
    const held = await nowOf(page);
    await page.waitForTimeout(500);
    expect(await nowOf(page)).toBe(held);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('stays on the last second at the end, and can go back from there', async () => {
    const { context, page } = await openPage(lake.browser, lake.link(lake.session.last - 20, '&speed=60'));
    await page.waitForFunction(() => window.__spymaster?.playback.state.ended === true);
    expect(await nowOf(page)).toBe(lake.session.last);
    expect(await page.textContent('.pace')).toContain('ended');
    await page.keyboard.press('Shift+ArrowLeft');
    await waitForNow(page, lake.session.last - 60);
    await context.close();
  });

  it('zooms at the pointer, pans, says that it no longer follows, and returns', async () => {
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond()));
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
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond()));
    await settled(page);
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Symbol');
    const dates = await page.$$eval('select[aria-label="Date"] option', (nodes) =>
      nodes.map((node) => (node as HTMLOptionElement).value),
    );
    expect(dates).toContain(lake.session.dt);
    await page.selectOption('select[aria-label="Date"]', dates[dates.length - 1]);
    await settled(page);
    expect(await page.evaluate(() => window.__spymaster!.playback.session?.dt)).toBe(dates[dates.length - 1]);
    await context.close();
  });

  it('keeps what is seen in the address', async () => {
    const now = lake.quietSecond();
    const { context, page } = await openPage(lake.browser, lake.address(now));
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
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond()));
    await settled(page);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('s')]);
    expect(download.suggestedFilename()).toMatch(
      new RegExp(`^${lake.session.symbol}_${lake.session.dt}_\\d{6}Z\\.png$`),
    );
    const path = artefactPath('saved-picture.png');
    await download.saveAs(path);
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
    const { context, page } = await openPage(lake.browser, lake.address(lake.quietSecond()));
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
    const { context, page } = await openPage(lake.browser, lake.link(lake.session.first + 60, '&speed=60'));
    await settled(page);
    const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
    await page.waitForFunction((second) => (window.__spymaster?.playback.now ?? 0) > second, lake.session.first + 90);
    const before = await nodes();
    await page.waitForFunction((second) => (window.__spymaster?.playback.now ?? 0) > second, lake.session.first + 270);
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
