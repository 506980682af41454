// Where the field shown is read from: the ring of columns, or a surface that is sent only while it is looked at.

import type { Layer } from './layers/layer';
import { planeOf } from './layers/list';
import { isMissing, MISSING } from './model/grid';
import type { FieldSource } from './model/scale';
import { INVALID } from './model/snapshots';
import { VACUUM_HALF } from './model/surface_columns';
import type { Playback } from './playback';

/** vacuum_score of the price increment nearest to a height; MISSING where no level stands. */
export function vacuumAt({ feed, session }: Playback, second: number, height: number): number {
  const column = feed.at('vacuum', second);
  if (!column?.valid || !session || column.spot === 0) return MISSING;
  const increment = Math.round((height * session.tickInt) / session.priceIncrementInt);
  return column.scores[increment - column.spot + VACUUM_HALF] ?? MISSING;
}

/** Net gamma exposure in millions of the strike whose cell covers a height. */
export function gexAt({ feed, session, gexLattice }: Playback, second: number, height: number): number {
  const column = feed.at('gex', second);
  return column?.valid && session ? gexLattice.value(column, height * session.tickInt) : MISSING;
}

/** Values of a layer, those of invalid seconds left out. */
export function sourceOf(playback: Playback, layer: Layer): FieldSource {
  const { ring, snapshots, feed } = playback;
  const { surface } = layer;
  const sound = (second: number) => !(snapshots.quality(second) & INVALID);
  if (surface === 'vacuum' || surface === 'gex') {
    const at = surface === 'vacuum' ? vacuumAt : gexAt;
    return {
      shows: (second) => sound(second) && feed.at(surface, second)?.valid === true,
      value: (second, height) => at(playback, second, height),
    };
  }
  const plane = planeOf(layer);
  return {
    shows: (second) => ring.spotTick(second) !== 0 && sound(second),
    value: (second, height) => ring.value(second, Math.round(height), plane),
  };
}

/** A value of a layer in words; null where it has none there. */
export function layerWords(
  playback: Playback,
  layer: Layer,
  second: number,
  height: number,
  judged: boolean,
): string | null {
  const value = sourceOf(playback, layer).value(second, height);
  return isMissing(value) ? null : layer.words(value, judged);
}
