// The newest session of a product of the prepared lake, on the real server: what the tests of one field at a time look at.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { isoText } from '../src/model/clock';
import { launchBrowser, openPage, preparedLake, type RunningServer, settled, startServer } from './harness';
import { waitForNow } from './seen';
import {
  catalogOf,
  certain,
  newestSession,
  type Quality,
  qualities,
  type Row,
  type Session,
  velocityRows,
} from './truth';

export class LakeSession {
  server!: RunningServer;
  browser!: Browser;
  session!: Session;
  quality!: Quality[];

  constructor(private readonly productType = 'future_mbo') {}

  async start(): Promise<void> {
    this.server = await startServer(preparedLake());
    this.browser = await launchBrowser();
    this.session = await newestSession(this.server.url, this.productType);
    this.quality = await qualities(this.server.url, this.session);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.server?.kill();
  }

  /** A page on a second; the field alone, unless `more` says otherwise. */
  link(second: number, more = '', url = this.server.url): string {
    const { productType, symbol, dt } = this.session;
    const options = more.includes('options=') ? '' : '&options=0';
    return `${url}/?product=${productType}&symbol=${symbol}&dt=${dt}&t=${isoText(second)}${options}${more}`;
  }

  /** The same, paused. */
  address(second: number, more = '', url = this.server.url): string {
    return this.link(second, `&paused=1${more}`, url);
  }

  async openAt(second: number, more = '') {
    const opened = await openPage(this.browser, this.address(second, more));
    await settled(opened.page);
    await waitForNow(opened.page, second);
    return opened;
  }

  /** A second with quiet, valid data around it, late enough to have some past. */
  quietSecond(): number {
    const { quality, session } = this;
    const bad = new Set(quality.filter((q) => !q.valid || q.newEpoch || q.crossed).map((q) => q.second));
    for (let second = session.first + 200; second < session.last - 100; second++) {
      if (Array.from({ length: 120 }, (_, i) => second - i).every((s) => !bad.has(s))) return second;
    }
    throw new Error('the prepared session has no two minutes without a gap');
  }

  /** Cells to compare: clear of the spot line and its glow, and of grid lines, and not moved out of sight by spot since. */
  async cellsAt(now: number): Promise<Row[]> {
    const rows = await velocityRows(this.server.url, this.session, now - 59, now);
    const lines = new Map(rows.filter((row) => row.rel === 0).map((row) => [row.second, row.tick]));
    const spot = lines.get(now) ?? 0;
    const visible = (row: Row) =>
      certain(row) &&
      Math.abs(row.rel) > 4 &&
      Math.abs(row.tick - spot) < 25 &&
      row.tick % 4 !== 0 &&
      row.second > now - 60;
    // The line joins the spots of neighbouring seconds: a cell must be clear of those as well.
    const clear = (row: Row) =>
      [-1, 0, 1].every((by) => Math.abs((lines.get(row.second + by) ?? row.tick - row.rel) - row.tick) > 4);
    return rows.filter((row) => visible(row) && clear(row));
  }
}

/** What the prepared lake holds: tests of what it lacks are skipped. */
export async function productsOfLake(): Promise<Session[]> {
  const server = await startServer(preparedLake());
  const found = await catalogOf(server.url);
  await server.kill();
  return found;
}

/** One server and one browser for the tests of a file. */
export function useLakeSession(productType?: string): LakeSession {
  const lake = new LakeSession(productType);
  beforeAll(() => lake.start());
  afterAll(() => lake.stop());
  return lake;
}
