// The forecast of one second: scores of the moment, and where spot is expected 1 to 30 seconds ahead (spec 5.7, 5.8).

export const HORIZONS = 30;
/** As far as walls are looked for; a distance of as much means that there is none. */
export const REACH_TICKS = 64;

export interface Scores {
  /** RunScore of each direction, 1/s. */
  up: number;
  down: number;
  /** Ticks to the first wall of each direction, 1 to REACH_TICKS. */
  wallUp: number;
  wallDown: number;
}

/** Places of horizon h stand at h - 1. */
export interface Path {
  spotTick: number;
  /** Ticks from spotTick. */
  delta: readonly number[];
  /** 0 to 1. */
  confidence: readonly number[];
}

export interface Forecast {
  second: number;
  /** Null where the second is not valid: nothing is said of it then. */
  scores: Scores | null;
  path: Path | null;
}

export interface Step {
  horizon: number;
  delta: number;
  tick: number;
  confidence: number;
}

/** Null: beyond the horizons. */
export function stepAt({ spotTick, delta, confidence }: Path, horizon: number): Step | null {
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > HORIZONS) return null;
  const by = delta[horizon - 1];
  return { horizon, delta: by, tick: spotTick + by, confidence: confidence[horizon - 1] };
}

/**
 * The step whose confidence is that of the forecast as a whole: the farthest that predicts a move, as one that predicts none
 * has none. Null: no move is predicted.
 */
export function farthestMove(path: Path): Step | null {
  for (let horizon = HORIZONS; horizon >= 1; horizon--) if (path.delta[horizon - 1] !== 0) return stepAt(path, horizon);
  return null;
}

export interface Wall {
  direction: 'up' | 'down';
  /** From spot, with its sign. */
  delta: number;
  tick: number;
}

export const isWall = (distance: number): boolean => distance >= 1 && distance < REACH_TICKS;

/** Walls within reach, the upper one first. */
export function wallsOf({ scores, path }: Forecast): Wall[] {
  if (!scores || !path) return [];
  const walls: Wall[] = [];
  const { wallUp, wallDown } = scores;
  if (isWall(wallUp)) walls.push({ direction: 'up', delta: wallUp, tick: path.spotTick + wallUp });
  if (isWall(wallDown)) walls.push({ direction: 'down', delta: -wallDown, tick: path.spotTick - wallDown });
  return walls;
}
