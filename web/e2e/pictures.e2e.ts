// Takes the pictures of the documentation: `SPYMASTER_PICTURES=../docs/images npm run pictures`. Without that variable nothing is taken.
import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';
import { launchBrowser, openPage, preparedLake, settled, startServer } from './harness';
import { pointsOf } from './seen';
import { catalogOf } from './truth';

const folder = process.env.SPYMASTER_PICTURES;
/** SPYMASTER_PICTURE_TIME=14:36:00 chooses the second (UTC); else six and a half minutes into the session. */
const time = process.env.SPYMASTER_PICTURE_TIME;

/** The address of a live session whose feed is going to be lost and come back (make demo LIVE=1), for page-live.png. */
const live = process.env.SPYMASTER_PICTURE_LIVE;

const PICTURES = [
  ['future_mbo', 'page.png', 'field=velocity&bands=1&radar=0'],
  ['equity_mbo', 'page-equity.png', 'field=velocity&bands=0&radar=0'],
  ['future_mbo', 'page-radar.png', 'field=vacuum&bands=0&radar=1'],
] as const;

describe.skipIf(!folder)('pictures', () => {
  it.each(PICTURES)('of %s: %s', async (productType, name, shown) => {
    const server = await startServer(preparedLake());
    const session = (await catalogOf(server.url)).find((entry) => entry.productType === productType);
    if (!session) throw new Error(`the prepared lake has no session of ${productType}`);
    const browser = await launchBrowser();
    const second = Math.min(session.last, session.first + 390);
    const iso = time ? `${session.dt}T${time}Z` : new Date(second * 1000).toISOString().replace('.000Z', 'Z');
    const address = `${server.url}/?product=${productType}&symbol=${session.symbol}&dt=${session.dt}&t=${iso}`;
    const { page } = await openPage(
      browser,
      `${address}&paused=1&gex=1&options=${Number(!shown.includes('vacuum'))}&forecast=1&${shown}`,
      { width: 1440, height: 900 },
    );
    await settled(page);
    // Until nothing is on its way that is sent only while it is looked at, a minute back.
    await page.waitForFunction(() => {
      const { feed, now } = window.__spymaster!.playback;
      return feed.wanted.every((surface) => feed.rings[surface].has(now! - 59));
    });
    // On the path, 20 seconds ahead: what is read there lies left of now, and covers nothing of the forecast.
    const at = await page.evaluate(() => {
      const { now, ring, forecast } = window.__spymaster!.playback;
      return { second: now! + 20, tick: ring.spotTick(now!) + (forecast?.path?.delta[19] ?? 0) };
    });
    const [{ x, y }] = await pointsOf(page, [at]);
    await page.mouse.move(x, y);
    await page.waitForFunction(() => !document.querySelector<HTMLElement>('.readings')?.hidden);
    await page.screenshot({ path: join(resolve(folder!), name) });
    await browser.close();
    await server.kill();
  });
});

describe.skipIf(!folder || !live)('picture of a live session', () => {
  it('page-live.png, half a minute after the feed came back', async () => {
    const browser = await launchBrowser();
    const { page } = await openPage(
      browser,
      `${live}/?dt=live&field=velocity&gex=1&options=1&forecast=1&bands=0&radar=0`,
      {
        width: 1600,
        height: 900,
      },
    );
    await settled(page);
    await page.waitForFunction(() => document.body.textContent.includes('1 reconnect'), null, { timeout: 180_000 });
    await page.waitForTimeout(30_000);
    await page.screenshot({ path: join(resolve(folder!), 'page-live.png') });
    await browser.close();
  }, 300_000);
});
