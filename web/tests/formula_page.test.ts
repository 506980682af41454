// The page of formulas that is built beside the application.
import { describe, expect, it } from 'vitest';
import { FORMULA_PAGE, formulaPage, renderedPhysics } from '../formula_page';
import { formulaAddress } from '../src/gui/legend';
import { LAYERS } from '../src/layers/list';

describe('formula page', () => {
  const page = renderedPhysics();
  it('has the row each legend links to, with its formula', () => {
    for (const layer of LAYERS) {
      const [path, anchor] = formulaAddress(layer).split('#');
      expect(path).toBe(FORMULA_PAGE);
      const row = new RegExp(`<tr id="${anchor}">.*</tr>`).exec(page)?.[0];
      expect(row, layer.id).toContain(`<code>${layer.field}</code>`);
    }
  });
  it('has each anchor once, and no link that leads nowhere', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, href] of page.matchAll(/href="([^"]+)"/g)) expect(href).toMatch(/^(https?:|#)/);
  });
  it('keeps what is written as text', () => {
    expect(formulaPage('| a |\n|---|\n| `x` < 1 |')).toContain('<code>x</code> &lt; 1');
  });
});
