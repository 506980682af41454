// Surfaces that are sent only while they are looked at: which there are, and which of them a look needs.

export const ASKED_SURFACES = ['vacuum', 'radar', 'physics_bands', 'gex', 'gex_levels'] as const;
export type SurfaceName = (typeof ASKED_SURFACES)[number];

/** What is visible, as far as it decides what must be sent. */
export interface Visible {
  /** Surface of the field shown. */
  field: string;
  gex: boolean;
  bands: boolean;
  radar: boolean;
}

/** In the order of the server. */
export function surfacesFor({ field, gex, bands, radar }: Visible): SurfaceName[] {
  const needed: Record<SurfaceName, boolean> = {
    vacuum: field === 'vacuum',
    radar,
    physics_bands: bands,
    gex: gex || field === 'gex',
    gex_levels: gex,
  };
  return ASKED_SURFACES.filter((surface) => needed[surface]);
}

/** The dataset behind each, and whether it is of the options. */
const DATASETS: Record<SurfaceName, { dataset: string; ofOptions: boolean }> = {
  vacuum: { dataset: 'vacuum_surface_1s', ofOptions: false },
  radar: { dataset: 'radar_vacuum_1s', ofOptions: false },
  physics_bands: { dataset: 'physics_bands_1s', ofOptions: false },
  gex: { dataset: 'gex_surface_1s', ofOptions: true },
  gex_levels: { dataset: 'gex_levels_1s', ofOptions: true },
};

export interface SurfaceSession {
  productType: string;
  symbol: string;
  dt: string;
  live: boolean;
  /** Hours of its silver. */
  session: string;
  surfaces: readonly string[];
  options: { productType: string } | null;
}

/** Why a session has not a surface, in a sentence, with the command that makes it; empty: it has. */
export function whyAbsent(surface: SurfaceName, session: SurfaceSession): string {
  if (session.surfaces.includes(surface)) return '';
  const { dataset, ofOptions } = DATASETS[surface];
  if (ofOptions && !session.options) return 'No options in this session.';
  if (session.live) return 'Not made in this live session.';
  const product = ofOptions ? session.options?.productType : session.productType;
  const hours = session.session ? ` --session ${session.session}` : '';
  return `Not computed: run \`spymaster run --product-type ${product} --symbol ${session.symbol} --dt ${session.dt}${hours} --dataset ${dataset}\``;
}
