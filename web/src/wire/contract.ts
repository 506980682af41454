// Names of the columns the page reads. A test compares them with contracts/**.avsc and the stream's schemas (spec 6).

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

export const SURFACES = ['snap', 'velocity', 'options', 'forecast'] as const;
export type Surface = (typeof SURFACES)[number];
