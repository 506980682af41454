// Surfaces as the server sends them, for tests of the decoding.
import { Bool, Float64, Int32, Int64, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';

export interface VelocityRow {
  end: bigint;
  spot: bigint;
  rel: number;
  side: 'A' | 'B';
  u?: number | null;
  rho?: number | null;
  nu?: number | null;
  pressure?: number | null;
  energy?: number | null;
  omega?: number | null;
}

const reals = (values: (number | null | undefined)[]) =>
  vectorFromArray(
    values.map((v) => (v === undefined ? 0 : v)),
    new Float64(),
  );

// What every surface begins with: second, spot, and distance from it.
const places = (rows: { end: bigint; spot: bigint; rel: number }[]) => ({
  window_end_ts_ns: vectorFromArray(
    rows.map((r) => r.end),
    new Int64(),
  ),
  spot_ref_price_int: vectorFromArray(
    rows.map((r) => r.spot),
    new Int64(),
  ),
  rel_ticks: vectorFromArray(
    rows.map((r) => r.rel),
    new Int32(),
  ),
});

export function velocityBytes(rows: VelocityRow[]): Uint8Array {
  const table = new Table({
    ...places(rows),
    side: vectorFromArray(
      rows.map((r) => r.side),
      new Utf8(),
    ),
    liquidity_velocity: reals(rows.map((r) => r.u)),
    rho: reals(rows.map((r) => r.rho)),
    nu: reals(rows.map((r) => r.nu)),
    kappa: reals(rows.map(() => 0)),
    pressure_grad: reals(rows.map((r) => r.pressure)),
    u_wave_energy: reals(rows.map((r) => r.energy)),
    Omega: reals(rows.map((r) => r.omega)),
  });
  return tableToIPC(table, 'stream');
}

export interface OptionsRow {
  end: bigint;
  spot: bigint;
  rel: number;
  u: number | null;
}

export function optionsBytes(rows: OptionsRow[]): Uint8Array {
  const table = new Table({
    ...places(rows),
    liquidity_velocity: reals(rows.map((r) => r.u)),
  });
  return tableToIPC(table, 'stream');
}

export function snapBytes(end: bigint, mid: number | null, spot: bigint, valid: boolean): Uint8Array {
  const table = new Table({
    window_end_ts_ns: vectorFromArray([end], new Int64()),
    mid_price: reals([mid]),
    spot_ref_price_int: vectorFromArray([spot], new Int64()),
    book_valid: vectorFromArray([valid], new Bool()),
  });
  return tableToIPC(table, 'stream');
}

export interface ForecastFixture {
  horizon: number | null;
  tick: bigint | null;
  confidence: number | null;
  up: number | null;
  dUp: number | null;
  /** From spot; 0 unless said. */
  delta?: bigint | null;
  end?: bigint;
  down?: number | null;
  dDown?: number | null;
}

export function forecastBytes(rows: ForecastFixture[]): Uint8Array {
  const table = new Table({
    window_end_ts_ns: vectorFromArray(
      rows.map((r) => r.end ?? NS),
      new Int64(),
    ),
    horizon_s: vectorFromArray(
      rows.map((r) => r.horizon),
      new Int32(),
    ),
    predicted_spot_tick: vectorFromArray(
      rows.map((r) => r.tick),
      new Int64(),
    ),
    predicted_tick_delta: vectorFromArray(
      rows.map((r) => (r.delta === undefined ? (r.tick === null ? null : 0n) : r.delta)),
      new Int64(),
    ),
    confidence: reals(rows.map((r) => r.confidence)),
    RunScore_up: reals(rows.map((r) => r.up)),
    RunScore_down: reals(rows.map((r) => (r.down === undefined ? r.up : r.down))),
    D_up: vectorFromArray(
      rows.map((r) => r.dUp),
      new Int32(),
    ),
    D_down: vectorFromArray(
      rows.map((r) => (r.dDown === undefined ? r.dUp : r.dDown)),
      new Int32(),
    ),
  });
  return tableToIPC(table, 'stream');
}

export const NS = 1_000_000_000n;
export const TICK = 250_000_000n;
export const exactBuffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;
