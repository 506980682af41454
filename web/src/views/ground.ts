// Colours of what lies under and over the fields. Dark is the specified look (spec 7.1, 7.5, 7.6); light is its mirror.

export type Rgb = readonly [number, number, number];

export interface Ground {
  background: Rgb;
  /** The margin to the right of now, where a forecast belongs. */
  margin: Rgb;
  lines: { major: Rgb; minor: Rgb; micro: Rgb };
  hatch: Rgb;
  now: Rgb;
  epoch: Rgb;
  spotCore: Rgb;
  /** Additive light does not show on a light ground. */
  spotGlows: boolean;
}

export const rgb = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
};

export const LINE_OPACITY = { major: 0.6, minor: 0.4, micro: 0.25 } as const;

/** The marks of a column's data quality; also the keys of the legend. */
export const MARKS = { epoch: '#ffb000', crossed: '#d05ce3', late: '#5aa9e6', anomaly: '#e6a23c' } as const;

export const DARK: Ground = {
  background: rgb('#0a0a0f'),
  margin: rgb('#0d0d14'),
  lines: { major: rgb('#333333'), minor: rgb('#222222'), micro: rgb('#1a1a1a') },
  hatch: rgb('#6a6a78'),
  now: rgb('#44ddff'),
  epoch: rgb(MARKS.epoch),
  spotCore: rgb('#44ddff'),
  spotGlows: true,
};

export const LIGHT: Ground = {
  background: rgb('#f7f7f4'),
  margin: rgb('#efefeb'),
  lines: { major: rgb('#9a9a9a'), minor: rgb('#b4b4b4'), micro: rgb('#c8c8c8') },
  hatch: rgb('#8a8a94'),
  now: rgb('#007799'),
  epoch: rgb('#b06a00'),
  spotCore: rgb('#0077aa'),
  spotGlows: false,
};
