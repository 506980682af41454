// What is on the screen: colours at cells, and waiting for a second to be shown.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Rgba } from '../src/layers/layer';

export const nowOf = (page: Page) => page.evaluate(() => window.__spymaster?.playback.now ?? 0);

export async function waitForNow(page: Page, second: number): Promise<void> {
  await page.waitForFunction((wanted) => window.__spymaster?.playback.now === wanted, second);
}

export const waitUntil = (page: Page, second: number) =>
  page.waitForFunction((wanted) => (window.__spymaster?.playback.now ?? 0) >= wanted, second);

/** A place on the picture: the middle of a second, a height in ticks (of a cell its tick; any other number between). */
export interface Place {
  second: number;
  tick: number;
}

/** Colours at places, all of one drawing. */
export const pixelsOf = (page: Page, places: readonly Place[]) =>
  page.evaluate(
    (cells) => {
      const picture = window.__spymaster!.picture;
      return picture.pixelsAt(cells.map(({ second, tick }) => picture.cellAt(second, tick)!));
    },
    places.map(({ second, tick }) => ({ second, tick })),
  );

/** Where a place is on the page, for the mouse. */
export const pointsOf = (page: Page, places: readonly Place[]) =>
  page.evaluate(
    (cells) => {
      const picture = window.__spymaster!.picture;
      const box = picture.surface.getBoundingClientRect();
      return cells
        .map(({ second, tick }) => picture.cellAt(second, tick)!)
        .map((point) => ({ x: point.x + box.x, y: point.y + box.y }));
    },
    places.map(({ second, tick }) => ({ second, tick })),
  );

export async function hover(page: Page, at: Place): Promise<string> {
  const [{ x, y }] = await pointsOf(page, [at]);
  await page.mouse.move(x, y);
  await page.waitForFunction(() => !document.querySelector<HTMLElement>('.readings')?.hidden);
  return (await page.textContent('.readings')) ?? '';
}

export const over = (colour: Rgba, ground: readonly number[]) =>
  ground.map((g, i) => Math.round((g + (colour[i] - g) * colour[3]) * 255));

export function expectColour(got: readonly number[], want: readonly number[], what: string): void {
  const away = Math.max(...got.map((value, i) => Math.abs(value - want[i])));
  expect(away, `${what}: got ${got.join()}, the data say ${want.join()}`).toBeLessThanOrEqual(2);
}
