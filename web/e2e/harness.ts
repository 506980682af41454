// The real server on a prepared lake, and a real browser on its page.
//   SPYMASTER_BIN   the program (default: build/release/bin/spymaster)
//   SPYMASTER_LAKE  a lake with at least one simulated session (prepared by `make test`, or by simulate and run)
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { App } from '../src/app';

declare global {
  interface Window {
    __spymaster?: App;
  }
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const artefacts = join(root, 'test-artefacts');
export const webFolder = join(root, 'web/dist');
const program = process.env.SPYMASTER_BIN ?? join(root, 'build/release/bin/spymaster');

export function preparedLake(): string {
  const lake = process.env.SPYMASTER_LAKE;
  if (!lake || !existsSync(lake)) throw new Error('SPYMASTER_LAKE must name a lake with a simulated session');
  return resolve(lake);
}

export interface RunningServer {
  url: string;
  port: number;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

export async function startServer(lake: string, port = 0): Promise<RunningServer> {
  if (!existsSync(program)) throw new Error(`${program} is not there: build it, or set SPYMASTER_BIN`);
  const options = ['serve', '--lake', lake, '--port', String(port), '--web', webFolder];
  const child = spawn(program, options, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await announcedUrl(child);
  return {
    url,
    port: Number(new URL(url).port),
    kill: () =>
      new Promise<void>((done) => {
        if (child.exitCode !== null || child.signalCode !== null) return done();
        child.once('exit', () => done());
        child.kill('SIGKILL');
      }),
  };
}

function announcedUrl(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\/\/[\w.[\]:]+:\d+/.exec(said)?.[0];
      if (url) found(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', failed);
    child.once('exit', (code) =>
      failed(new Error(`the server ended (${code}) before it said where it listens: ${said}`)),
    );
  });
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.SPYMASTER_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });

/** A server of its own and a browser for the tests of a file. */
export interface Stage<S extends RunningServer> {
  server: S;
  browser: Browser;
}

export function useStage<S extends RunningServer>(start: () => Promise<S>): Stage<S> {
  const stage = {} as Stage<S>;
  beforeAll(async () => {
    stage.server = await start();
    stage.browser = await launchBrowser();
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.server?.kill();
  });
  return stage;
}

export interface OpenPage {
  context: BrowserContext;
  page: Page;
  /** What the page complained about; a clean run has none. */
  complaints: string[];
}

export interface PageSize {
  width?: number;
  height?: number;
  scale?: number;
}

/** Within the limit of a test: software rendering on a busy machine is slow, not broken. */
const WAITING_MS = 110_000;

export async function openPage(browser: Browser, url: string, size: PageSize = {}): Promise<OpenPage> {
  const { width = 1120, height = 720, scale = 1 } = size;
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
  context.setDefaultTimeout(WAITING_MS);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(url);
  return { context, page, complaints };
}

/** Until a window is drawn and nothing of the past is still to come. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const playback = window.__spymaster?.playback;
    return playback?.now != null && playback.loading === 0 && playback.snapshots.length > 0;
  });
}

export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  await page.screenshot({ path: join(artefacts, `page-${name}.png`) });
}

export const artefactPath = (name: string): string => {
  mkdirSync(artefacts, { recursive: true });
  return join(artefacts, name);
};
