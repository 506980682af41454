// The layers, in the order of their keys 1 to 9. A new one is a file and a line here (docs/page.md).
import { FIELDS, type Field } from '../model/grid';
import { gex } from './gex';
import type { Layer } from './layer';
import { obstacle } from './obstacle';
import { pressure } from './pressure';
import { vacuum } from './vacuum';
import { velocity } from './velocity';
import { viscosity } from './viscosity';
import { waveEnergy } from './wave_energy';

export const LAYERS: readonly Layer[] = [velocity, waveEnergy, pressure, viscosity, obstacle, vacuum, gex];

/** Those that are read from the ring of columns, in the order of LAYERS. */
export const RING_LAYERS: readonly Layer[] = LAYERS.filter(({ surface }) => surface === 'velocity');

/** Plane of the ring; -1 for what is not of velocity. */
export const planeOf = ({ surface, field }: Layer): number =>
  surface === 'velocity' ? FIELDS.indexOf(field as Field) : -1;

export const layerIndex = (id: string | undefined): number =>
  Math.max(
    0,
    LAYERS.findIndex((layer) => layer.id === id),
  );
