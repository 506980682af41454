// What keeps the tree legible, as a test: imports go one way, files stay short, columns are those of the contracts.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RADAR_FEATURES } from '../src/model/radar';
import {
  FORECAST_COLUMNS,
  GEX_COLUMNS,
  GEX_LEVELS_COLUMNS,
  OPTIONS_COLUMNS,
  PHYSICS_BANDS_COLUMNS,
  RADAR_COLUMNS,
  SNAPSHOT_COLUMNS,
  VACUUM_COLUMNS,
  VELOCITY_COLUMNS,
} from '../src/wire/contract';

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
      const silver = (table: string) => names(`silver/${product}/${table}.avsc`);
      expect(silver('vacuum_surface_1s')).toEqual(expect.arrayContaining([...VACUUM_COLUMNS]));
      expect(silver('physics_bands_1s')).toEqual(expect.arrayContaining([...PHYSICS_BANDS_COLUMNS]));
      expect(silver('radar_vacuum_1s')).toEqual(expect.arrayContaining([...RADAR_COLUMNS]));
    }
    expect([...FORECAST_COLUMNS]).toEqual(names('stream/forecast/forecast_1s.avsc'));
    for (const product of ['future_option_mbo', 'equity_option_mbo']) {
      const surface = names(`gold/${product}/physics_surface_1s.avsc`);
      for (const column of OPTIONS_COLUMNS) expect(surface, product).toContain(column);
      expect(names(`silver/${product}/gex_surface_1s.avsc`)).toEqual(expect.arrayContaining([...GEX_COLUMNS]));
      expect(names(`silver/${product}/gex_levels_1s.avsc`)).toEqual(expect.arrayContaining([...GEX_LEVELS_COLUMNS]));
    }
  });

  it('features of the radar are all those of the contract, with its units and meaning', () => {
    const path = join(contracts, 'silver/future_mbo/radar_vacuum_1s.avsc');
    const { fields } = JSON.parse(readFileSync(path, 'utf8')) as { fields: Record<'name' | 'unit' | 'doc', string>[] };
    const features = fields.filter(({ name }) => /^[fu]\d/.test(name));
    expect(RADAR_FEATURES.map(({ name, unit, meaning }) => [name, unit, meaning])).toEqual(
      features.map(({ name, unit, doc }) => [name, unit, doc]),
    );
    expect(features.length).toBe(49);
  });

  it('the lock file names no host', () => {
    const lock = readFileSync(join(web, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
  });
});
