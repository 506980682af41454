// The bands panel: walls, erosion and vacuum around spot, and which way is the easier one.
import type { PanelLayer } from './layer';
import { vacuum } from './vacuum';

export const bands: PanelLayer = {
  id: 'bands',
  name: 'Bands',
  sentence:
    'Which way is price the freer? Walls, erosion and vacuum in four bands above and below spot, 0 to 1, and how easy the way up and down is.',
  surface: 'physics_bands',
  field: 'vacuum_total_score',
  key: 'b',
  absent: 'No bands',
  formula: 'score = 0.6 · ease at spot + 0.4 · ease near it; ease = 0.50 · vacuum + 0.35 · erosion + 0.15 · (1 − wall)',
  legend: { from: 0, to: 1 },
  colour: vacuum.colour,
};
