// The radar panel: what the orders within 20 price increments of spot did, as small series.
import type { PanelLayer } from './layer';

export const radar: PanelLayer = {
  id: 'radar',
  name: 'Radar',
  sentence:
    'What do the orders around spot do? 49 measures of a second: where depth lies, how it moves, what is pulled and added, and what of that opens the way up.',
  surface: 'radar',
  field: 'f1_ask_com_disp_log',
  key: 'v',
  absent: 'No radar',
  formula: 'each by its row in the documentation',
  legend: { from: 0, to: 1 },
  colour: (v, { light }) => [
    ...((light ? [0, 0.46, 0.61] : [0.27, 0.87, 1]) as [number, number, number]),
    0.4 + 0.6 * v,
  ],
};
