// The layers, in the order of their keys 1 to 9. A new one is a file and a line here (docs/page.md).
import type { Layer } from './layer';
import { obstacle } from './obstacle';
import { pressure } from './pressure';
import { velocity } from './velocity';
import { viscosity } from './viscosity';
import { waveEnergy } from './wave_energy';

export const LAYERS: readonly Layer[] = [velocity, waveEnergy, pressure, viscosity, obstacle];

export const layerIndex = (id: string | undefined): number =>
  Math.max(
    0,
    LAYERS.findIndex((layer) => layer.id === id),
  );
