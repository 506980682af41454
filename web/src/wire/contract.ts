// Names of the columns the page reads. A test compares them with contracts/**.avsc and the stream's schemas (spec 6).
import { BAND_COLUMNS } from '../model/bands';
import { RADAR_NAMES } from '../model/radar';
import { ASKED_SURFACES } from '../model/surfaces';

export const SNAPSHOT_COLUMNS = [
  'window_end_ts_ns',
  'best_bid_price_int',
  'best_bid_qty',
  'best_ask_price_int',
  'best_ask_qty',
  'mid_price',
  'spot_ref_price_int',
  'book_valid',
  'crossed',
  'epoch',
  'record_count',
  'trade_count',
  'anomaly_count',
  'late_count',
] as const;

export const VELOCITY_COLUMNS = [
  'window_end_ts_ns',
  'spot_ref_price_int',
  'rel_ticks',
  'side',
  'liquidity_velocity',
  'rho',
  'nu',
  'kappa',
  'pressure_grad',
  'u_wave_energy',
  'Omega',
] as const;

export const OPTIONS_COLUMNS = ['window_end_ts_ns', 'spot_ref_price_int', 'rel_ticks', 'liquidity_velocity'] as const;

export const FORECAST_COLUMNS = [
  'window_end_ts_ns',
  'horizon_s',
  'predicted_spot_tick',
  'predicted_tick_delta',
  'confidence',
  'RunScore_up',
  'RunScore_down',
  'D_up',
  'D_down',
] as const;

export const VACUUM_COLUMNS = [
  'window_end_ts_ns',
  'price_int',
  'side',
  'spot_ref_price_int',
  'rel_ticks',
  'vacuum_score',
  'window_valid',
] as const;

export const GEX_COLUMNS = [
  'window_end_ts_ns',
  'strike_price_int',
  'gex_call_abs',
  'gex_put_abs',
  'gex',
  'call_implied_volatility',
  'put_implied_volatility',
  'call_open_interest',
  'put_open_interest',
  'window_valid',
] as const;

export const GEX_LEVELS_COLUMNS = [
  'window_end_ts_ns',
  'gex_call_total',
  'gex_put_total',
  'gex_total',
  'flip_price_int',
  'call_wall_price_int',
  'put_wall_price_int',
  'options_priced',
  'options_unpriced',
  'window_valid',
] as const;

export const PHYSICS_BANDS_COLUMNS = ['window_end_ts_ns', ...BAND_COLUMNS, 'window_valid'] as const;

export const RADAR_COLUMNS = ['window_end_ts_ns', 'approach_dir', ...RADAR_NAMES, 'window_valid'] as const;

/** Sent always; of a live session, whose snapshots are not all there when it is opened; and those that are asked for. */
export const BASE_SURFACES = ['snap', 'velocity', 'options', 'forecast'] as const;
export const LIVE_SURFACES = [...BASE_SURFACES, 'book_snapshot'] as const;
export const SURFACES = [...LIVE_SURFACES, ...ASKED_SURFACES] as const;
export type Surface = (typeof SURFACES)[number];
