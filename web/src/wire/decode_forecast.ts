// The forecast surface of one or more windows: a row of horizon 0 with the scores, then the path; a second that is not
// valid has the first alone, all of it null.
import type { Table } from 'apache-arrow';
import { type Forecast, HORIZONS, type Path, type Scores } from '../model/forecast';
import { MISSING } from '../model/grid';
import { numbers, readTable, seconds, WireError } from './arrow_columns';
import { FORECAST_COLUMNS } from './contract';

type Columns = Record<(typeof FORECAST_COLUMNS)[number], Float64Array>;

function columnsOf(table: Table): Columns {
  const columns = {} as Columns;
  for (const name of FORECAST_COLUMNS)
    columns[name] = name === 'window_end_ts_ns' ? seconds(table) : numbers(table, name, MISSING);
  for (const name of ['horizon_s', 'predicted_spot_tick', 'predicted_tick_delta', 'D_up', 'D_down'] as const)
    for (const value of columns[name])
      if (value > MISSING && !Number.isSafeInteger(value))
        throw new WireError(`forecast: ${name} ${value} is not an exact whole number`);
  return columns;
}

function scoresOf(columns: Columns, row: number): Scores | null {
  const [up, down] = [columns.RunScore_up[row], columns.RunScore_down[row]];
  const [wallUp, wallDown] = [columns.D_up[row], columns.D_down[row]];
  return [up, down, wallUp, wallDown].every((value) => value > MISSING) ? { up, down, wallUp, wallDown } : null;
}

/** Rows [from, to) are horizons 1 to 30. A confidence that is not there counts as none. */
function pathOf(columns: Columns, from: number, to: number): Path | null {
  const [tick, by] = [columns.predicted_spot_tick, columns.predicted_tick_delta];
  if (to - from !== HORIZONS || tick[from] === MISSING) return null;
  const path = { spotTick: tick[from] - by[from], delta: [] as number[], confidence: [] as number[] };
  for (let row = from; row < to; row++) {
    if (tick[row] === MISSING || by[row] === MISSING) return null;
    if (tick[row] - by[row] !== path.spotTick)
      throw new WireError(`forecast: horizon ${row - from + 1} starts from another spot`);
    path.delta.push(by[row]);
    path.confidence.push(columns.confidence[row] > 0 ? Math.min(1, columns.confidence[row]) : 0);
  }
  return path;
}

/** Windows in the order sent; none for an empty stream. */
export function decodeForecasts(bytes: ArrayBuffer | Uint8Array): Forecast[] {
  const columns = columnsOf(readTable(bytes, FORECAST_COLUMNS, 'forecast'));
  const { window_end_ts_ns: second, horizon_s: horizon } = columns;
  const forecasts: Forecast[] = [];
  for (let from = 0; from < second.length; ) {
    let to = from;
    for (; to < second.length && second[to] === second[from]; to++)
      if (horizon[to] !== to - from)
        throw new WireError(`forecast: horizon ${horizon[to]} of ${second[from]} where ${to - from} was expected`);
    forecasts.push({
      second: second[from],
      scores: scoresOf(columns, from),
      path: pathOf(columns, from + 1, to),
    });
    from = to;
  }
  return forecasts;
}
