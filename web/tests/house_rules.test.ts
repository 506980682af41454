// What keeps the tree legible, as a test: imports go one way, files stay short, columns are those of the contracts.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FORECAST_COLUMNS, OPTIONS_COLUMNS, SNAPSHOT_COLUMNS, VELOCITY_COLUMNS } from '../src/wire/contract';

const web = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const contracts = resolve(web, '../contracts');
const files = readdirSync(join(web, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

/** A folder may import from itself and from these. */
const MAY_IMPORT: Record<string, string[]> = {
  model: [],
  wire: ['model'],
  layers: ['model'],
  views: ['model', 'layers'],
};

describe('house rules', () => {
  it('folders import only what lies under them', () => {
    const breaches: string[] = [];
    for (const name of files) {
      const folder = name.includes('/') ? name.split('/')[0] : '';
      const allowed = MAY_IMPORT[folder];
      if (!allowed) continue;
      const text = readFileSync(join(web, 'src', name), 'utf8');
      for (const [, from] of text.matchAll(/from '(\.[^']+)'/g)) {
        const target = relative(join(web, 'src'), resolve(dirname(join(web, 'src', name)), from)).split('/')[0];
        if (target !== folder && !allowed.includes(target)) breaches.push(`${name} imports ${from}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  it('files have at most 300 lines and say what they are', () => {
    for (const name of files) {
      const lines = readFileSync(join(web, 'src', name), 'utf8').split('\n');
      expect(lines.length, name).toBeLessThanOrEqual(301);
      expect(name).not.toMatch(/util|common|helper|manager/i);
      if (name !== 'main.ts') expect(lines[0], name).toMatch(/^\/\//);
    }
  });

  it('column names are those of the contracts', () => {
    const names = (path: string) => {
      const contract = JSON.parse(readFileSync(join(contracts, path), 'utf8')) as { fields: { name: string }[] };
      return contract.fields.map((field) => field.name);
    };
    for (const product of ['future_mbo', 'equity_mbo']) {
      const snapshot = names(`silver/${product}/book_snapshot_1s.avsc`);
      const surface = names(`gold/${product}/physics_surface_1s.avsc`);
      for (const column of SNAPSHOT_COLUMNS) expect(snapshot, product).toContain(column);
      for (const column of VELOCITY_COLUMNS) expect(surface, product).toContain(column);
    }
    expect([...FORECAST_COLUMNS]).toEqual(names('stream/forecast/forecast_1s.avsc'));
    for (const product of ['future_option_mbo', 'equity_option_mbo']) {
      const surface = names(`gold/${product}/physics_surface_1s.avsc`);
      for (const column of OPTIONS_COLUMNS) expect(surface, product).toContain(column);
    }
  });

  it('the lock file names no host', () => {
    const lock = readFileSync(join(web, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
  });
});
