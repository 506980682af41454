// The forecast of a lake, on the real server: what the page says of a second is what the server says of it in full. Products
// that the lake lacks are skipped.
import { describe, expect, it } from 'vitest';
import { scoreText, wallText } from '../src/gui/forecast_words';
import { keepScreenshot } from './harness';
import { productsOfLake, useLakeSession } from './lake_session';

interface Way {
  D: number;
  run_score: number;
}

interface Explained {
  given: boolean;
  calibration: string | null;
  spot_ref_price_int: string;
  up: Way | null;
  down: Way | null;
  path: { horizon_s: number; predicted_spot_tick: string; predicted_tick_delta: number; confidence: number }[] | null;
}

const NS = 1_000_000_000n;

const held = new Set((await productsOfLake()).map(({ productType }) => productType));
describe.each(['future_mbo', 'equity_mbo'])('of %s', (productType) => {
  describe.skipIf(!held.has(productType))('the forecast', () => forecastOf(productType));
});

function forecastOf(productType: string): void {
  const lake = useLakeSession(productType);

  const named = () => {
    const { symbol, dt } = lake.session;
    return `product_type=${productType}&symbol=${symbol}&dt=${dt}`;
  };

  async function explained(second: number): Promise<Explained> {
    const query = `${named()}&window_end_ts_ns=${BigInt(second) * NS}`;
    const response = await fetch(`${lake.server.url}/v1/forecast/explain?${query}`);
    expect(response.status).toBe(200);
    return (await response.json()) as Explained;
  }

  it('is what the server says of the second in full', async () => {
    const now = lake.quietSecond();
    const said = await explained(now);
    expect(said.given).toBe(true);
    const { context, page, complaints } = await lake.openAt(now);
    const seen = await page.evaluate(() => window.__spymaster!.playback.forecast);
    expect(seen?.second).toBe(now);
    expect(seen?.path?.delta).toEqual(said.path!.map((step) => step.predicted_tick_delta));
    expect(seen?.path?.confidence).toEqual(said.path!.map((step) => step.confidence));
    const spotTick = Number(BigInt(said.spot_ref_price_int) / BigInt(lake.session.tickInt));
    expect(seen?.path?.spotTick).toBe(spotTick);
    const hud = await page.$$eval('.hud div', (nodes) => nodes.map((node) => node.textContent));
    const session = await page.evaluate(() => window.__spymaster!.playback.session!);
    const line = (way: Way, up: boolean) =>
      `Run ${up ? 'up  ' : 'down'} ${scoreText(way.run_score)}/s  ${wallText(way.D, up, session, spotTick)}`;
    expect(hud.slice(4)).toEqual([line(said.up!, true), line(said.down!, false)]);
    const beside = (await page.textContent('.forecast .worth')) ?? '';
    if (said.calibration === null) expect(beside).toBe('uncalibrated');
    else expect(beside).not.toContain('uncalibrated');
    await keepScreenshot(page, `forecast-${productType}`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('has the scores of the past, second by second', async () => {
    const now = lake.quietSecond();
    const { context, page } = await lake.openAt(now);
    for (const second of [now - 1, now - 30, now - 100]) {
      const said = await explained(second);
      const kept = await page.evaluate((at) => window.__spymaster!.playback.scoresAt(at), second);
      const { up, down } = said;
      expect(kept === null).toBe(!said.given);
      if (!kept || !up || !down) continue;
      expect([kept.up, kept.down]).toEqual([Math.fround(up.run_score), Math.fround(down.run_score)]);
      expect([kept.wallUp, kept.wallDown]).toEqual([up.D, down.D]);
    }
    await context.close();
  });

  it('is not there where the book is not valid', async () => {
    const bad = lake.quality.find((entry) => !entry.valid);
    if (!bad) return;
    expect((await explained(bad.second)).given).toBe(false);
    const { context, page } = await lake.openAt(bad.second);
    expect(await page.evaluate(() => window.__spymaster!.playback.forecast?.path)).toBeNull();
    expect(await page.textContent('.hud')).toContain('no forecast: book invalid');
    await context.close();
  });
}
