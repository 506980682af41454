// The pages of formulas that are built beside the application.
import { describe, expect, it } from 'vitest';
import { addressOf, FORMULA_PAGES, formulaPage, rendered } from '../formula_page';
import { formulaAddress } from '../src/gui/legend';
import { forecast } from '../src/layers/forecast';
import { LAYERS } from '../src/layers/list';

describe('formula pages', () => {
  it('has the row each legend links to, with its formula', () => {
    const page = rendered('physics');
    for (const layer of LAYERS) {
      const [path, anchor] = formulaAddress(layer).split('#');
      expect(path).toBe(addressOf('physics'));
      const row = new RegExp(`<tr id="${anchor}">.*</tr>`).exec(page)?.[0];
      expect(row, layer.id).toContain(`<code>${layer.field}</code>`);
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
      expect(href).toMatch(/^(https?:|#|(physics|forecast)\.html)/);
  });
  it('keeps what is written as text', () => {
    expect(formulaPage('| a |\n|---|\n| `x` < 1 |', 'x')).toContain('<code>x</code> &lt; 1');
  });
});
