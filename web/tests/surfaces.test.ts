// Surfaces that are sent only while they are looked at: decoding, keeping, asking for, and saying why there is none.
import { describe, expect, it } from 'vitest';
import { EQUITY, FUTURE, INVALID_SECOND, NAMESAKE, span } from '../e2e/made_market';
import {
  gexOf,
  LEVEL_TOTALS,
  levelsOf,
  listedStrikes,
  madeSurface,
  spotIncrement,
  UNTRUSTED_SECOND,
  vacuumScore,
} from '../e2e/made_surfaces';
import { apart } from '../src/gui/gex_labels';
import { levelNames } from '../src/gui/gex_words';
import { BAND_COLUMNS, calibrationText, easierWay } from '../src/model/bands';
import { dollarsText, roundEnd, signedDollars } from '../src/model/dollars';
import { GEX_HALF, GexLattice } from '../src/model/gex_lattice';
import { isMissing, MISSING, RING_COLUMNS } from '../src/model/grid';
import { RADAR_FEATURES, radarMatches } from '../src/model/radar';
import {
  type BandsRow,
  type GexColumn,
  type GexLevels,
  nearestStrike,
  type RadarRow,
  VACUUM_HALF,
  type VacuumColumn,
} from '../src/model/surface_columns';
import { SurfaceRing } from '../src/model/surface_ring';
import { surfacesFor, whyAbsent } from '../src/model/surfaces';
import { SurfaceFeed } from '../src/surface_feed';
import type { CatalogSession } from '../src/wire/catalog';
import { parseCatalog } from '../src/wire/catalog';
import { decodeSurface } from '../src/wire/decode_surfaces';
import type { ToWorker } from '../src/wire/messages';

const AT = span.first + 50;
const [ES, SPY] = [FUTURE, EQUITY];

describe('decoding, by name, of the tables as the contracts have them', () => {
  it('vacuum: asks above spot, bids below, at true prices', () => {
    for (const session of [ES, SPY]) {
      const bytes = madeSurface('vacuum', session, AT, AT + 1);
      const columns = decodeSurface('vacuum', bytes, session) as VacuumColumn[];
      expect(columns.map(({ second }) => second)).toEqual([AT, AT + 1]);
      const [{ spot, scores, valid }] = columns;
      expect(spot).toBe(spotIncrement(session, AT));
      expect(valid).toBe(true);
      for (let away = -40; away <= 40; away++) {
        const score = scores[VACUUM_HALF + away];
        const want = vacuumScore(spot + away);
        if (want === null) expect(isMissing(score), `${away}`).toBe(true);
        else expect(score, `${away}`).toBeCloseTo(want, 6);
      }
    }
  });
  it('gamma exposure: listed strikes ascending, nulls as missing', () => {
    const [column] = decodeSurface('gex', madeSurface('gex', ES, AT, AT), ES) as GexColumn[];
    expect(Array.from(column.strikePriceInt, (price) => price / 1e9)).toEqual(listedStrikes(ES, AT));
    const i = nearestStrike(column, 6951e9);
    expect(column.strikePriceInt[i]).toBe(6950e9);
    expect([column.call[i], column.put[i], column.net[i]]).toEqual(Object.values(gexOf(ES, 6950)));
    const without = column.call.indexOf(0);
    expect(isMissing(column.callVolatility[without])).toBe(true);
    expect(column.putVolatility[without]).toBe(0.1375);
  });
  it('levels: null where there is none', () => {
    const late = span.first + 201;
    const rows = decodeSurface('gex_levels', madeSurface('gex_levels', SPY, late - 1, late), SPY) as GexLevels[];
    expect(rows.map(({ flipPriceInt }) => flipPriceInt)).toEqual([levelsOf(SPY, late - 1).flip! * 1e9, null]);
    expect(rows[1]).toMatchObject({ callWallPriceInt: 482e9, putWallPriceInt: 475e9, total: 0.45e9, priced: 39 });
    expect(rows[0].callTotal).toBe(LEVEL_TOTALS.call);
    expect(levelNames(rows[0]).map(({ text }) => text)).toEqual(['call wall 482', 'flip 479.37', 'put wall 475']);
    for (const [flipPriceInt, text] of [
      [6_931_250_000_000, '6,931.25'],
      [6_985_866_000_000, '6,985.87'],
      [6_985_000_000_000, '6,985.00'],
    ] as const)
      expect(levelNames({ ...rows[0], flipPriceInt })[1].text).toBe(`flip ${text}`);
  });
  it('bands and radar: all columns in their order, and which seconds cannot be trusted', () => {
    const of = <Row>(name: 'physics_bands' | 'radar') =>
      decodeSurface(name, madeSurface(name, ES, UNTRUSTED_SECOND - 1, UNTRUSTED_SECOND), ES) as Row[];
    const [bands, radar] = [of<BandsRow>('physics_bands'), of<RadarRow>('radar')];
    expect(bands.map(({ valid }) => valid)).toEqual([true, false]);
    expect(bands[0].values.length).toBe(BAND_COLUMNS.length);
    expect(radar[0].values.length).toBe(RADAR_FEATURES.length);
    expect(radar[0].approach).toBe('approach_up');
    expect(new Set(radar[0].values).size).toBeGreaterThan(40);
  });
  it('an empty stream has no seconds', () => {
    for (const name of ['vacuum', 'gex', 'gex_levels', 'physics_bands', 'radar'] as const)
      expect(decodeSurface(name, madeSurface(name, ES, AT, AT - 1), ES)).toEqual([]);
  });
  it('another surface is refused', () => {
    expect(() => decodeSurface('vacuum', madeSurface('gex', ES, AT, AT), ES)).toThrow(/vacuum: column .*vacuum_score/);
  });
});

describe('the lattice of strikes', () => {
  const column = (strikes: number[]): GexColumn => {
    const values = Float64Array.from(strikes, (strike) => strike * 1e6);
    const rest = { callVolatility: values, putVolatility: values, callOpenInterest: values, putOpenInterest: values };
    const strikePriceInt = Float64Array.from(strikes, (strike) => strike * 1e9);
    return { surface: 'gex', second: AT, valid: true, strikePriceInt, call: values, put: values, net: values, ...rest };
  };
  it('has the step of the data, and a finer one when a strike lies between', () => {
    const lattice = new GexLattice();
    expect(lattice.learn(column([6950]))).toBe(false);
    expect(lattice.place(column([6950]))).toBeNull();
    expect(lattice.learn(column([6945, 6950, 6975]))).toBe(true);
    expect(lattice.stepInt).toBe(5e9);
    expect(lattice.learn(column([6940, 6945]))).toBe(false);
    expect(lattice.learn(column([6945, 6947.5]))).toBe(true);
    expect(lattice.stepInt).toBe(2.5e9);
  });
  it('places each strike at its row, in millions', () => {
    const lattice = new GexLattice();
    const made = column([6940, 6950, 6955]);
    lattice.learn(made);
    const placed = lattice.place(made)!;
    expect(placed.middle).toBe(6950 / 5);
    expect([-2, -1, 0, 1].map((by) => placed.values[GEX_HALF + by])).toEqual(
      [6940, MISSING, 6950, 6955].map(Math.fround),
    );
    expect(lattice.value(made, 6951.5e9)).toBe(6950);
    expect(isMissing(lattice.value(made, 6952.4e9))).toBe(true);
    expect(isMissing(lattice.value(made, 6945e9))).toBe(true);
  });
});

describe('dollars', () => {
  it('are read at a glance', () => {
    expect([12.34e6, -450e3, 999.96e6, 1.2e9, 123e6, 0, 12, -0.2].map(dollarsText)).toEqual([
      '$12.3M',
      '−$450K',
      '$1.0B',
      '$1.2B',
      '$123M',
      '$0',
      '$12',
      '$0',
    ]);
    expect([12.34e6, -12.34e6, 0].map(signedDollars)).toEqual(['+$12.3M', '−$12.3M', '$0']);
  });
  it('have round ends', () => {
    expect([0, 1, 1.1, 4e7, 5.01e7, 100].map(roundEnd)).toEqual([1, 1, 2, 5e7, 1e8, 100]);
  });
});

describe('what is looked at', () => {
  const nothing = { field: 'velocity', gex: false, bands: false, radar: false };
  it('decides what is sent', () => {
    expect(surfacesFor(nothing)).toEqual([]);
    expect(surfacesFor({ ...nothing, field: 'vacuum' })).toEqual(['vacuum']);
    expect(surfacesFor({ ...nothing, field: 'gex' })).toEqual(['gex']);
    expect(surfacesFor({ field: 'gex', gex: true, bands: true, radar: true })).toEqual([
      'radar',
      'physics_bands',
      'gex',
      'gex_levels',
    ]);
  });
  it('is said to be absent with the command that makes it', () => {
    const session = {
      productType: 'equity_mbo',
      symbol: 'SPY',
      dt: '2026-01-06',
      live: false,
      session: '09:30-09:40',
      surfaces: ['gex'],
      options: null,
    };
    expect(whyAbsent('gex', session)).toBe('');
    expect(whyAbsent('gex_levels', session)).toBe('No options in this session.');
    expect(whyAbsent('vacuum', session)).toContain(
      '--product-type equity_mbo --symbol SPY --dt 2026-01-06 --session 09:30-09:40 --dataset vacuum_surface_1s',
    );
    const options = { productType: 'equity_option_mbo' };
    expect(whyAbsent('gex_levels', { ...session, options })).toContain('--product-type equity_option_mbo');
  });
  it('is known of a session by the catalogue', () => {
    const entry = {
      product_type: 'future_mbo',
      first_window_end_ts_ns: '1000000000',
      last_window_end_ts_ns: '2000000000',
      tick_int: '250000000',
      half_width_ticks: 200,
    };
    const of = (more: object) => parseCatalog({ sessions: [{ ...entry, ...more }] })[0];
    expect(of({})).toMatchObject({ surfaces: [], normCalibration: null });
    expect(of({ surfaces: ['gex'], norm_calibration: { kind: 'session', dt: '2026-01-05' } })).toMatchObject({
      surfaces: ['gex'],
      normCalibration: { kind: 'session', dt: '2026-01-05' },
    });
    expect(of({ norm_calibration: { kind: 'bootstrap' } }).normCalibration).toEqual({ kind: 'bootstrap' });
  });
});

describe('the feed', () => {
  const session = { ...SPY, dt: '2026-01-06', first: span.first, last: span.last } as unknown as CatalogSession;
  function made() {
    const told: ToWorker[] = [];
    const seen: string[] = [];
    const sink = {
      column: (surface: string, second: number) => void seen.push(`${surface} ${second}`),
      changed: () => {},
    };
    const feed = new SurfaceFeed((message) => told.push(message), sink);
    feed.open(session);
    feed.move(-100, 40);
    return { feed, told, seen };
  }
  const looks = { field: 'vacuum', gex: false, bands: true, radar: false };
  const asked = (told: ToWorker[], surface: string) =>
    told.flatMap((message) => (message.type === 'surface' && message.surface === surface ? [message] : []));
  const columns = (surface: 'physics_bands' | 'vacuum', first: number, last: number) =>
    decodeSurface(surface, madeSurface(surface, SPY, first, last), SPY);

  it('asks for what is visible, subscribes to it, and lets it go', () => {
    const { feed, told } = made();
    feed.look(looks);
    expect(told).toEqual([{ type: 'surfaces', surfaces: ['vacuum', 'physics_bands'] }]);
    feed.window(AT + 60, ['vacuum', 'physics_bands'], [], false);
    expect(asked(told, 'vacuum').map(({ span: of }) => of)).toEqual([{ first: AT, last: AT + 59 }]);
    expect(asked(told, 'physics_bands').map(({ span: of }) => of)).toEqual([{ first: AT + 1, last: AT + 59 }]);
    feed.look({ ...looks, bands: false });
    expect(told.at(-1)).toEqual({ type: 'surfaces', surfaces: ['vacuum'] });
  });
  it('goes on with the piece before when one has come, until all is there', () => {
    const { feed, told, seen } = made();
    feed.look({ ...looks, bands: false });
    feed.window(AT + 60, ['vacuum'], [], false);
    const [first] = asked(told, 'vacuum');
    const answer = { type: 'surface_columns' as const, surface: 'vacuum' as const, generation: 1, detail: '' };
    feed.heard({ ...answer, request: first.request, span: first.span, columns: columns('vacuum', AT, AT + 59) });
    expect(seen).toContain(`vacuum ${AT}`);
    const [, second] = asked(told, 'vacuum');
    expect(second.span).toEqual({ first: AT - 40, last: AT - 1 });
    feed.heard({ ...answer, request: second.request, span: second.span, columns: [], detail: 'no rows' });
    expect(asked(told, 'vacuum').length).toBe(2);
    expect(feed.whyNone('vacuum', AT - 5)).toBe('no rows');
    expect(feed.whyNone('vacuum', AT + 5)).toBe('');
    feed.window(AT + 61, ['vacuum'], columns('vacuum', AT + 61, AT + 61), false);
    expect(asked(told, 'vacuum').length).toBe(2);
  });
  it('says why there is nothing, and asks again when the line is back', () => {
    const { feed, told } = made();
    feed.look(looks);
    feed.window(AT + 60, [], [], false);
    expect(feed.whyNone('physics_bands', AT + 60)).toBe('Loading …');
    const [{ request }] = asked(told, 'physics_bands');
    feed.heard({ type: 'surface_failed', surface: 'physics_bands', generation: 1, request, detail: '503: busy' });
    expect(feed.whyNone('physics_bands', AT + 60)).toBe('503: busy');
    feed.window(AT + 61, [], [], false);
    expect(asked(told, 'physics_bands').length).toBe(1);
    feed.again();
    expect(asked(told, 'physics_bands').length).toBe(2);
    feed.window(INVALID_SECOND, ['physics_bands'], columns('physics_bands', INVALID_SECOND, INVALID_SECOND), true);
    expect(feed.whyNone('physics_bands', INVALID_SECOND)).toContain('cannot be trusted');
  });
  it('asks nothing of a session that has nothing', () => {
    const { feed, told } = made();
    feed.open({ ...session, ...NAMESAKE } as unknown as CatalogSession);
    feed.look({ field: 'vacuum', gex: true, bands: true, radar: true });
    feed.window(AT, [], [], false);
    expect(told).toEqual([]);
    expect(feed.whyNone('gex', AT)).toBe('No options in this session.');
    expect(feed.whyNone('radar', AT)).toContain('--dataset radar_vacuum_1s');
  });
});

describe('the ring of a surface', () => {
  it('keeps half an hour, also of what has nothing, and names what is missing, newest first', () => {
    const ring = new SurfaceRing<{ second: number }>();
    for (const second of [1000, 1001, 1004]) ring.write(second, { second }, 1004);
    ring.write(1005, null, 1005);
    expect([ring.at(1001)?.second, ring.at(1002), ring.at(1005)]).toEqual([1001, null, null]);
    expect(ring.newestMissing(990, 1005, 60)).toEqual({ first: 1002, last: 1003 });
    expect(ring.newestMissing(990, 1001, 4)).toEqual({ first: 996, last: 999 });
    expect(ring.newestMissing(1000, 1001, 4)).toBeNull();
    expect(ring.write(1005 - RING_COLUMNS, { second: 0 }, 1005)).toBe(false);
    expect(ring.write(1000 + RING_COLUMNS, { second: 1000 + RING_COLUMNS }, 1000 + RING_COLUMNS)).toBe(true);
    expect(ring.at(1000)).toBeNull();
  });
});

describe('words of the panels', () => {
  it('find features by all of the words', () => {
    const found = (wanted: string) => RADAR_FEATURES.filter((feature) => radarMatches(feature, wanted)).length;
    expect(found('')).toBe(49);
    expect(found('f3_bid')).toBeGreaterThan(5);
    expect(found('bids pulled FAR')).toBe(1);
    expect(found('no such thing')).toBe(0);
  });
  it('say by which bounds', () => {
    expect(calibrationText({ kind: 'bootstrap' }).text).toBe('bootstrap bounds');
    expect(calibrationText({ kind: 'session', dt: '2026-01-05' }).text).toBe('bounds of 2026-01-05');
    expect([easierWay(0.5, 0.4), easierWay(0.4, 0.5), easierWay(0.42, 0.4)]).toEqual(['up', 'down', 'alike']);
  });
  it('move names of levels apart, and keep them within the picture', () => {
    expect(apart([100, 103, 300], 400)).toEqual([100, 117, 300]);
    expect(apart([390, 391.5], 400)).toEqual([374.5, 391.5]);
    expect(apart([8.5, 8.5], 400)).toEqual([8.5, 25.5]);
  });
});
