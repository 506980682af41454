// The shape of what the page keeps of each second: planes of fields over ticks around that second's spot.

/** Seconds kept and drawable: 30 minutes (spec 7.3). */
export const RING_COLUMNS = 1800;
/** The widest grid the texture can hold, in ticks on either side of spot (spec 7.3). */
export const MAX_REL_TICKS = 400;
/** Rows of a column; row MAX_REL_TICKS is spot itself. */
export const ROWS = 2 * MAX_REL_TICKS + 1;

/** Columns of the velocity surface that are kept, in plane order. The first five can be drawn; rho is for reading only. */
export const FIELDS = ['liquidity_velocity', 'u_wave_energy', 'pressure_grad', 'nu', 'Omega', 'rho'] as const;
export type Field = (typeof FIELDS)[number];
export const DRAWN_FIELDS = 5;

/** The plane behind the fields: which side of the book the cell was taken from. */
export const SIDE_PLANE = FIELDS.length;
export const PLANES = FIELDS.length + 1;
export const SIDE_NONE = 0;
export const SIDE_ASK = 1;
export const SIDE_BID = 2;

/** Values of one column: plane after plane, rows ascending in price. */
export const COLUMN_SIZE = PLANES * ROWS;

/** A cell whose value was null on the wire: never drawn, read out as "no value". */
export const MISSING = -3e38;
export const isMissing = (value: number): boolean => value <= -1e38;

export const cellIndex = (plane: number, relTicks: number): number => plane * ROWS + MAX_REL_TICKS + relTicks;
