// The pages of formulas that are built beside the application.
import { describe, expect, it } from 'vitest';
import { addressOf, FORMULA_PAGES, formulaPage, rendered } from '../formula_page';
import { formulaAddress } from '../src/gui/legend';
import { bands } from '../src/layers/bands';
import { forecast } from '../src/layers/forecast';
import { gexProfile } from '../src/layers/gex_profile';
import { LAYERS } from '../src/layers/list';
import { radar } from '../src/layers/radar';
import { RADAR_FEATURES } from '../src/model/radar';

describe('formula pages', () => {
  it('has the row each legend links to, with its formula', () => {
    const features = RADAR_FEATURES.map(({ name }) => ({ id: name, surface: 'radar', field: name }));
    for (const layer of [...LAYERS, bands, radar, gexProfile, ...features]) {
      const [path, anchor] = formulaAddress(layer).split('#');
      const name = FORMULA_PAGES.find((found) => addressOf(found) === path);
      const page = rendered(name!);
      const row = new RegExp(`<tr id="${anchor}">.*</tr>`).exec(page)?.[0];
      expect(row, String(layer.id)).toContain(`<code>${layer.field}</code>`);
    }
  });
  it('has the heading the forecast links to', () => {
    const [path, anchor] = formulaAddress(forecast).split('#');
    expect(path).toBe(addressOf('forecast'));
    expect(rendered('forecast')).toContain(`id="${anchor}"`);
  });
  it.each(FORMULA_PAGES)('has each anchor of %s once, and no link that leads nowhere', (name) => {
    const page = rendered(name);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, href] of page.matchAll(/href="([^"]+)"/g))
      expect(href).toMatch(/^(https?:|#|(physics|forecast|vacuum|radar|gamma)\.html)/);
  });
  it('keeps what is written as text', () => {
    expect(formulaPage('| a |\n|---|\n| `x` < 1 |', 'x')).toContain('<code>x</code> &lt; 1');
  });
});
