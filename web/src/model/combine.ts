// Two rows stand at one price, one per side of the book; a cell shows one of them (spec 7.3 [C], D-14).

export type Side = 'A' | 'B';

/** What of a row decides the choice; a row that is not there has rho 0 and Omega 0. */
export interface SideRow {
  rho: number;
  omega: number;
}

/**
 * The side a cell shows: asks above spot, bids below, at spot the stronger obstacle; and the other one where the
 * preferred side has no depth (rho 0) and the other has.
 */
export function chooseSide(relTicks: number, ask: SideRow, bid: SideRow): Side {
  let preferred: Side = relTicks > 0 ? 'A' : 'B';
  if (relTicks === 0) preferred = ask.omega > bid.omega ? 'A' : 'B';
  const [first, second] = preferred === 'A' ? [ask, bid] : [bid, ask];
  if (first.rho === 0 && second.rho > 0) return preferred === 'A' ? 'B' : 'A';
  return preferred;
}
