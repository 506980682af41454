// A live session: followed at its edge, left and come back to; what its feed does is always said; nothing that was missed stays missing.
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { artefactPath, keepScreenshot, openPage, type PageSize, preparedLake, settled, useStage } from './harness';
import { LiveRelay } from './live_relay';
import { hover, nowOf, waitForNow } from './seen';
import { velocityRows } from './truth';

const stage = useStage(() => LiveRelay.start(preparedLake()));
afterEach(async () => {
  // One that failed must not slow the others down.
  for (const context of stage.browser.contexts()) await context.close();
  stage.server.away = false;
  stage.server.running = true;
  stage.server.say({ state: 'live', detail: '', reconnects: 0, gaps: [], stale: [] });
});

const opened = async (more = '?options=0&forecast=0&gex=0', size: PageSize = {}) => {
  const open = await openPage(stage.browser, `${stage.server.url}/${more}`, size);
  await settled(open.page);
  return open;
};
async function atEdge(more?: string, size?: PageSize) {
  const open = await opened(more, size);
  await waitForNow(open.page, stage.server.edge);
  return open;
}

const text = (page: Page, selector: string) => page.textContent(selector);
const waitForText = (page: Page, selector: string, part: string) =>
  page.waitForFunction(([at, what]) => document.querySelector(at)?.textContent?.includes(what), [
    selector,
    part,
  ] as const);
/** Until every second up to the edge is kept, with its snapshot. */
const whole = (page: Page, first: number, last: number) =>
  page.waitForFunction(
    ([from, to]) => {
      const { ring, snapshots } = window.__spymaster!.playback;
      return ring.missing(from, to).length === 0 && snapshots.firstMissing(from) === to + 1;
    },
    [first, last] as const,
  );
const addressOf = (page: Page) => new URL(page.url()).searchParams;
const ns = (second: number, more = '000000000') => `${second}${more}`;

describe('a live session', () => {
  it('is what the page opens on, at its edge, with all there was before', async () => {
    const { server } = stage;
    const { context, page, complaints } = await atEdge();
    expect(await page.inputValue('.date')).toBe('live');
    expect(await page.$eval('.date', (list) => (list as HTMLSelectElement).selectedOptions[0].textContent)).toContain(
      '● live',
    );
    expect(await text(page, '.live')).toBe('● LIVE');
    expect(await text(page, '.pace')).toContain('live');
    await whole(page, server.first, server.edge);
    expect(server.asked.find((asked) => asked.startsWith('/v1/velocity/stream'))).not.toContain('after_window');
    for (let i = 0; i < 3; i++) server.advance(1);
    await waitForNow(page, server.edge);
    await whole(page, server.first, server.edge);
    expect(await page.getAttribute('.scrubber', 'max')).toBe(String(server.edge));
    const rows = await velocityRows(server.realUrl, server.session, server.edge - 20, server.edge);
    const wrong = await page.evaluate(
      (cells) =>
        cells.filter(({ second, tick, value }) => window.__spymaster!.playback.ring.value(second, tick, 0) !== value),
      rows
        .filter(({ rel, side }) => rel > 0 === (side === 'A') && rel !== 0 && Math.abs(rel) < 20)
        .filter(({ fields }) => fields.rho > 0)
        .map(({ second, tick, fields }) => ({ second, tick, value: Math.fround(fields.liquidity_velocity) })),
    );
    expect(wrong).toEqual([]);
    await page.waitForFunction(() => window.__spymaster!.addressIsCurrent && location.search.includes('dt=live'));
    expect(addressOf(page).get('t')).toBeNull();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is left by pausing, stepping and scrubbing, says how far behind one is, and is come back to with one key', async () => {
    const { server } = stage;
    const { context, page, complaints } = await atEdge();
    const left = server.edge;
    await page.keyboard.press('Space');
    await waitForText(page, '.live', '○ LIVE');
    server.advance(5);
    await waitForText(page, '.live', '−0:05');
    expect(await nowOf(page)).toBe(left);
    expect(await text(page, '.pace')).toContain('behind live, paused');
    await page.keyboard.press('ArrowLeft');
    await waitForNow(page, left - 1);
    await waitForText(page, '.live', '−0:06');
    await page.waitForFunction(() => window.__spymaster!.addressIsCurrent && location.search.includes('t='));
    await page.reload();
    await settled(page);
    await waitForNow(page, left - 1);
    expect(await text(page, '.live')).toContain('○ LIVE −0:06');
    const back = server.first + 30;
    await page.$eval(
      '.scrubber',
      (scrubber, to) => {
        (scrubber as HTMLInputElement).value = String(to);
        scrubber.dispatchEvent(new Event('change'));
      },
      back,
    );
    await waitForNow(page, back);
    server.advance(1);
    await page.keyboard.press('l');
    await waitForNow(page, server.edge);
    await waitForText(page, '.live', '● LIVE');
    server.advance(1);
    await waitForNow(page, server.edge);
    await whole(page, server.first, server.edge);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('and a recorded day are changed for each other, each as it was left', async () => {
    const { server } = stage;
    const { context, page, complaints } = await atEdge();
    await page.keyboard.press('5');
    await page.evaluate(() => window.__spymaster!.picture.camera.setZoom(0.5, 0.5));
    await page.selectOption('.date', server.session.dt);
    await page.waitForFunction(() => window.__spymaster!.playback.session?.live === false);
    await settled(page);
    expect(await page.isHidden('.feed-line')).toBe(true);
    expect(await text(page, '.live')).toBe('○ go live');
    expect(await text(page, '.pace')).toContain('replay');
    await page.keyboard.press('Space');
    await page.evaluate((at) => window.__spymaster!.playback.seek(at), server.first + 111);
    await waitForNow(page, server.first + 111);
    await page.keyboard.press('l');
    await page.waitForFunction(() => window.__spymaster!.playback.session?.live === true);
    await waitForNow(page, server.edge);
    expect(await text(page, '.live')).toBe('● LIVE');
    expect(
      await page.evaluate(() => [window.__spymaster!.picture.look.layer, window.__spymaster!.picture.camera.zoomTime]),
    ).toEqual([4, 0.5]);
    await page.selectOption('.date', server.session.dt);
    await waitForNow(page, server.first + 111);
    server.running = false;
    await page.evaluate(() => window.__spymaster!.sessions.refresh());
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.live')?.hidden);
    expect(await page.$$eval('.date option', (dates) => dates.map((date) => date.textContent))).not.toContain('live');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('without a window yet waits for its first', async () => {
    const { server } = stage;
    const before = server.edge;
    server.edge = server.first - 1;
    server.say({ state: 'connecting', detail: 'waiting for the first record' });
    const { context, page, complaints } = await openPage(stage.browser, server.url);
    await waitForText(page, '.feed-line', 'connecting');
    await waitForText(page, '.feed-line', 'waiting for the first record');
    server.say({ state: 'live', detail: '' });
    server.advance(1);
    await waitForNow(page, server.first);
    server.advance(before - server.edge);
    await waitForNow(page, before);
    await whole(page, server.first, before);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the feed', () => {
  it('is always told: state, lag, age, staleness, reconnects, reason', async () => {
    const { server } = stage;
    const { context, page, complaints } = await atEdge();
    await waitForText(page, '.feed-line', 'feed live');
    expect(await text(page, '.lag')).toBe('lag 12 ms');
    expect(await text(page, '.age')).toMatch(/newest record \d+(\.\d)? s ago/);
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.stale-badge')?.hidden);
    server.say({ state: 'reconnecting', detail: 'no heartbeat for 10 s', reconnects: 2, lag_ns: '1500000000' });
    await waitForText(page, '.feed-word', 'feed lost');
    expect(await text(page, '.feed-line .sentence')).toBe('no heartbeat for 10 s');
    expect(await text(page, '.reconnects')).toBe('2 reconnects');
    expect(await text(page, '.lag')).toBe('lag 1.5 s');
    expect(await text(page, '.connection')).toBe('server connected');
    const stale = [
      { symbol: server.session.symbol, age_ns: '7200000000' },
      { symbol: 'E1AF6 C6900', age_ns: '61000000000' },
    ];
    server.say({ stale });
    await waitForText(page, '.stale-badge', `${server.session.symbol} stale: no data for 7.`);
    expect(await text(page, '.stale-badge')).toContain('1 other without data');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('has its gaps where they are in time, and a list that leads to them', async () => {
    const { server } = stage;
    const { context, page, complaints } = await atEdge();
    const [start, end] = [server.edge - 150, server.edge - 132];
    const gaps = [{ start_ts_ns: ns(start, '500000000'), end_ts_ns: ns(end, '250000000'), cause: 'gateway restarted' }];
    server.say({ gaps, reconnects: 1 });
    await waitForText(page, '.gap-count', '1 gap');
    await page.click('.gap-count');
    await page.click('.gap-list button');
    const times = [start + 0.5, end + 0.25] as const;
    const edges = ([from, to]: readonly [number, number]) => {
      const { picture, playback } = window.__spymaster!;
      return [from, to].map((at) => picture.camera.pixelOfX(at - playback.now!));
    };
    const [left, right] = await page.evaluate(edges, times);
    // Drawn where the picture looks by now.
    await page.waitForFunction(
      ([from, to]) => {
        const { drawn } = window.__spymaster!.picture.gapMarks;
        return drawn.length === 1 && Math.abs(drawn[0].left - from) < 0.5 && Math.abs(drawn[0].right - to) < 0.5;
      },
      [left, right] as const,
    );
    const width = await page.$eval('.surface', (node) => node.clientWidth);
    expect((left + right) / 2).toBeCloseTo(width / 2, -1);
    const band = await page.$eval('.gap-marks .band', (node) => node.getBoundingClientRect().width);
    expect(band).toBeCloseTo(right - left, 0);
    expect(await text(page, '.gap-label')).toContain('gap 18 s');
    expect(await text(page, '.gap-label')).toContain('gateway restarted');
    const tick = await page.evaluate(() => Math.round(window.__spymaster!.picture.camera.centreTick));
    expect(await hover(page, { second: start + 5, tick })).toContain('gap in the feed: 18 s');
    await hover(page, { second: start - 5, tick });
    // Rows that are not used now keep their words, unseen.
    await page.waitForFunction(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('.readings tr')].filter((row) => !row.hidden);
      return !rows.some((row) => row.textContent?.includes('gap in the feed'));
    });
    await keepScreenshot(page, 'live-gap');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('lost and come back whole is marked, not called a gap', async () => {
    const { server } = stage;
    const { context, page } = await atEdge();
    server.say({ state: 'reconnecting', detail: 'connection reset' });
    await waitForText(page, '.feed-word', 'feed lost');
    server.advance(4);
    server.say({ state: 'live', detail: '', reconnects: 1 });
    await waitForText(page, '.reconnects', '1 reconnect');
    await page.waitForFunction(() => window.__spymaster!.picture.gapMarks.drawn[0]?.kind === 'reconnection');
    expect(await text(page, '.gap-label')).toContain('reconnected after 4.0 s, nothing lost');
    expect(await text(page, '.gap-count')).toBe('no gaps');
    await context.close();
  });
});

describe('what was missed', () => {
  it('while the server was away is fetched, and that it was the server is said', async () => {
    const { server } = stage;
    const { context, page } = await atEdge();
    const held = server.edge;
    server.away = true;
    server.hangUp();
    await waitForText(page, '.connection', 'server reconnecting');
    await waitForText(page, '.feed-word', 'server lost');
    expect(await text(page, '.feed-line .sentence')).toContain('what the feed does is not known');
    expect(await text(page, '.lag')).toBe('lag –');
    expect([await text(page, '.live'), await text(page, '.pace')]).toEqual([
      '○ LIVE –',
      'simulated · live, interrupted',
    ]);
    await keepScreenshot(page, 'live-server-lost');
    server.advance(6);
    server.away = false;
    await waitForNow(page, server.edge);
    await waitForText(page, '.feed-word', 'feed live');
    await whole(page, server.first, server.edge);
    const again = server.asked.filter((asked) => asked.startsWith('/v1/velocity/stream')).at(-1);
    expect(again).toContain(`after_window_end_ts_ns=${ns(held)}`);
    expect(await text(page, '.live')).toBe('● LIVE');
    await context.close();
  });

  it('while the page was frozen is there when one returns', async () => {
    const { server } = stage;
    const { context, page } = await atEdge();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    server.advance(8);
    // Longer than the page takes for a living server's silence.
    await new Promise((done) => setTimeout(done, 8000));
    server.hangUp();
    server.advance(8);
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await waitForNow(page, server.edge);
    await whole(page, server.first, server.edge);
    expect(await text(page, '.live')).toBe('● LIVE');
    await context.close();
  });

  it('before this page connected is fetched as one goes back', async () => {
    const { server } = stage;
    const { context, page, complaints } = await atEdge();
    await page.keyboard.press('Space');
    await page.evaluate((at) => window.__spymaster!.playback.seek(at), server.first + 60);
    await waitForNow(page, server.first + 60);
    await page.waitForFunction(
      (first) => window.__spymaster!.playback.ring.missing(first, first + 60).length === 0,
      server.first,
    );
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('pictures', () => {
  it.each([
    ['dark', 1280, 800],
    ['light', 1920, 1080],
  ] as const)('%s, %d wide', async (theme, width, height) => {
    const { server } = stage;
    const { context, page, complaints } = await atEdge('', { width, height });
    if (theme === 'light') await page.keyboard.press('t');
    const gap = (ago: number, long: number, cause: string) => ({
      start_ts_ns: ns(server.edge - ago, '400000000'),
      end_ts_ns: ns(server.edge - ago + long, '100000000'),
      cause,
    });
    const gaps = [gap(95, 14, 'connection lost, 14 s could not be replayed'), gap(40, 3, 'sequence gap')];
    server.say({ gaps, reconnects: 1, stale: [{ symbol: 'E1AF6 C6900', age_ns: '61000000000' }] });
    await waitForText(page, '.gap-count', '2 gaps');
    await keepScreenshot(page, `live-${theme}-${width}`);
    server.say({
      state: 'reconnecting',
      detail: 'no heartbeat for 10 s',
      stale: [{ symbol: server.session.symbol, age_ns: '7200000000' }],
    });
    await waitForText(page, '.stale-badge', 'stale');
    await page.keyboard.press('Space');
    await waitForText(page, '.live', '○ LIVE');
    server.advance(3);
    await waitForText(page, '.live', '−0:03');
    await page.click('.gap-count');
    await keepScreenshot(page, `live-behind-${theme}-${width}`);
    await page.keyboard.press('Escape');
    const download = page.waitForEvent('download');
    await page.keyboard.press('s');
    await (await download).saveAs(artefactPath(`live-kept-${theme}-${width}.png`));
    expect(complaints).toEqual([]);
    await context.close();
  });
});
