// One session being looked at: the ring, the snapshots, where now is, and the worker that feeds them.
import type { Calibration } from './model/calibration';
import { nsText } from './model/clock';
import { FeedWatch } from './model/feed';
import type { Forecast, Scores } from './model/forecast';
import { GexLattice } from './model/gex_lattice';
import { MISSING } from './model/grid';
import { isBucketed } from './model/prices';
import { ColumnRing } from './model/ring';
import { ScoreRing } from './model/score_ring';
import { Snapshots } from './model/snapshots';
import { StrikeRing } from './model/strike_ring';
import { Past } from './past';
import { type FeedSink, SurfaceFeed } from './surface_feed';
import type { CatalogSession } from './wire/catalog';
import type { Snap } from './wire/decode_snapshots';
import type { WireColumn } from './wire/decode_velocity';
import type { Beside, Connection, FromWorker, ToWorker } from './wire/messages';
import type { Control, PlayState } from './wire/protocol';

/** A jump further than this asks for its own past at once. */
const LEAP_SECONDS = 60;
/** How often the past of a live session is looked through for what could not be had. */
const MEND_SECONDS = 15;

export interface PlaybackSink {
  /** A second arrived or was filled in; now may have moved. */
  column(column: WireColumn): void;
  window(snap: Snap): void;
  snapshots(): void;
  /** More or less of the past is still to come. */
  progress(): void;
  state(): void;
  /** Something was said of the feed of a live session. `drawn`: something that the picture shows. */
  source(drawn: boolean): void;
  connection(): void;
  /** A live session that had no window has its first one. */
  began(session: CatalogSession): void;
  problem(detail: string): void;
  /** The server cannot give what lies beside the fields. */
  lacking(what: Beside, detail: string): void;
  /** Of what is sent only while it is looked at. */
  surfaces: FeedSink;
}

export class Playback {
  readonly ring = new ColumnRing();
  /** Scores of the forecast, in the slots of the ring. */
  readonly scores = new ScoreRing();
  /** What is sent only while it is looked at. */
  readonly feed: SurfaceFeed;
  /** How the strikes of gamma exposure lie, as far as seen. */
  readonly gexLattice = new GexLattice();
  /** Options of the session, in the slots of the ring; null where it has none. */
  strikes: StrikeRing | null = null;
  session: CatalogSession | null = null;
  snapshots = Snapshots.empty();
  now: number | null = null;
  snap: Snap | null = null;
  /** Of the newest window; null: the server has none. */
  forecast: Forecast | null = null;
  /** Name of the calibration it was made with; null: uncalibrated. */
  calibrationName: string | null = null;
  state: PlayState = { playing: true, speed: 1, second: null, ended: false, droppedWindows: 0, live: false };
  /** What a live session is made from. */
  readonly source = new FeedWatch();
  connection: Connection = 'connecting';
  detail = '';
  /** Windows taken in, for the frame counter and the tests. */
  windows = 0;
  /** What keeping and uploading the newest column took, in milliseconds. */
  lastUploadMs = 0;
  private calibrations: Calibration[] = [];
  /** Asked for again once when a window names one that is not known. */
  private missed: string | null = null;
  private generation = 0;
  private readonly past = new Past(this.ring, (message) => this.tell(message));

  constructor(
    private readonly worker: Worker,
    private readonly sink: PlaybackSink,
  ) {
    this.feed = new SurfaceFeed((message) => this.tell(message), sink.surfaces);
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.heard(event.data);
  }

  /** `at`: the first second shown; null: the edge of a live session. */
  open(base: string, session: CatalogSession, at: number | null, speed: number, paused: boolean): void {
    this.session = session;
    this.generation++;
    this.ring.clear();
    this.scores.clear();
    this.forecast = this.calibrationName = this.missed = null;
    this.calibrations = [];
    this.strikes = session.options ? new StrikeRing(session.options) : null;
    this.snapshots = Snapshots.empty();
    this.now = null;
    this.snap = null;
    this.past.clear();
    this.windows = 0;
    this.source.clear();
    this.state = { playing: !paused, speed, second: null, ended: false, droppedWindows: 0, live: at === null };
    const { productType, symbol, dt, live, tickInt, priceIncrementInt, options } = session;
    const strikes = options && { stepTicks: options.stepTicks, halfWidthTicks: options.halfWidthTicks };
    const address = { base, productType, symbol, dt, live, tickInt, priceIncrementInt, strikes };
    const surfaces = this.feed.open(session);
    this.tell({ type: 'open', generation: this.generation, address, at, speed, paused, surfaces });
    if (session.last > 0) this.fill(at ?? session.last);
  }

  control(control: Control): void {
    this.tell({ type: 'control', control });
  }

  /** The page is looked at again: what went by is fetched, and a line that went quiet is noticed now. */
  returned(): void {
    this.tell({ type: 'wake' });
    if (this.connection === 'connected') this.recover();
  }

  /** What the catalogue says of the session now; that of a live one grows. */
  renew(session: CatalogSession): void {
    this.session = { ...session, last: Math.max(session.last, this.session?.last ?? 0) };
    this.feed.renew(this.session);
  }

  /** Seconds behind the edge of a live session. */
  get behind(): number {
    const { session, now } = this;
    return session?.live && now !== null ? Math.max(0, session.last - now) : 0;
  }

  seek(second: number): void {
    if (!this.session) return;
    const within = Math.min(this.session.last, Math.max(this.session.first, second));
    this.control({ type: 'seek', window_end_ts_ns: nsText(within) });
  }

  /**
   * Height of the spot line in ticks: spot_ref, or, where a row is a bucket of prices and spot_ref its middle, the mid.
   * 0 where there is none.
   */
  lineTick(second: number): number {
    const { session, snapshots, snap } = this;
    if (!session || !isBucketed(session)) return this.ring.spotTick(second);
    const row = snapshots.rowOf(second);
    const mid = row >= 0 ? snapshots.columns.mid[row] : snap?.second === second ? snap.mid : 0;
    return (mid * 1e9) / session.tickInt;
  }

  /** Velocity of the options at an absolute strike. */
  strikeValue(second: number, strike: number): number {
    return this.strikes?.value(this.ring.slotOf(second), second, strike) ?? MISSING;
  }

  /** Scores of a second; null where there are none or it is not kept. */
  scoresAt(second: number): Scores | null {
    return this.scores.at(this.ring.slotOf(second), second);
  }

  /** What is known of the calibration in force; null: there is none, or it is not loaded. */
  get calibration(): Calibration | null {
    return this.calibrations.find(({ name }) => name === this.calibrationName) ?? null;
  }

  /** Seconds to the left of now that are asked for and not here yet. */
  get loading(): number {
    return this.past.loading;
  }

  private fill(second: number): void {
    if (this.session) this.past.fill(second, this.session.first);
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private heard(message: FromWorker): void {
    if (message.generation !== this.generation) return;
    switch (message.type) {
      case 'window':
        return this.window(message);
      case 'columns':
        for (const column of message.columns) this.keep(column);
        return this.settle(message.request, message.first, message.last);
      case 'history_failed':
        this.past.failed(message.request);
        this.sink.progress();
        return this.sink.problem(`history: ${message.detail}`);
      case 'snapshots':
        this.snapshots.add(message.columns);
        return this.sink.snapshots();
      case 'feed':
        if (message.feed.edge !== null) this.grow(message.feed.edge);
        return this.sink.source(this.source.hear(message.feed, performance.now()));
      case 'state':
        this.state = message.state;
        return this.sink.state();
      case 'connection':
        return this.connected(message.connection, message.detail);
      case 'calibrations':
        this.calibrations = message.calibrations;
        return this.sink.state();
      case 'surface_columns':
      case 'surface_failed':
        return this.feed.heard(message);
      case 'lacking':
        return this.sink.lacking(message.what, message.detail);
      case 'problem':
        return this.sink.problem(message.detail);
    }
  }

  private connected(connection: Connection, detail: string): void {
    this.connection = connection;
    this.detail = detail;
    if (connection === 'connected') {
      this.recover();
    }
    this.sink.connection();
  }

  /** Asks for what may have been missed. */
  private recover(): void {
    const { session, snapshots, now } = this;
    if (session?.live && this.windows > 0) this.fillSnapshots();
    else if (snapshots.length === 0 && this.windows > 0) this.tell({ type: 'snapshots', from: 0 });
    if (now !== null && this.past.idle) this.fill(now);
    this.feed.again();
  }

  private fillSnapshots(): void {
    const from = this.snapshots.firstMissing(this.session?.first ?? 0);
    if (from <= (this.session?.last ?? 0)) this.tell({ type: 'snapshots', from });
  }

  /** A live session has got further. */
  private grow(edge: number): void {
    const { session } = this;
    if (!session?.live || edge <= session.last) return;
    this.session = { ...session, first: session.first || edge, last: edge };
    if (session.first === 0) this.sink.began(this.session);
  }

  /** Of a live session: its edge, its snapshots, and from time to time what could not be had before. */
  private followed({ column: { second }, snapshot }: Extract<FromWorker, { type: 'window' }>): void {
    this.grow(second);
    const { snapshots } = this;
    const hole = snapshots.length > 0 && second > snapshots.last + 1;
    if (snapshot) snapshots.add(snapshot);
    if (hole) this.fillSnapshots();
    if (second % MEND_SECONDS === 0 && this.past.idle) this.fill(second);
  }

  private window(message: Extract<FromWorker, { type: 'window' }>): void {
    const { column, snap } = message;
    // A step back leaves what is on its way wanted; a leap makes something else more urgent.
    const by = this.now === null ? 0 : column.second - this.now;
    this.now = column.second;
    this.snap = snap;
    this.forecast = message.forecast;
    this.calibrationName = message.calibration;
    this.windows++;
    if (this.session?.live) this.followed(message);
    const began = performance.now();
    this.keep(column);
    this.feed.window(column.second, message.sent, message.surfaces, Math.abs(by) > LEAP_SECONDS);
    this.lastUploadMs = performance.now() - began;
    if (Math.abs(by) > LEAP_SECONDS || (by !== 1 && this.past.idle)) this.fill(column.second);
    this.knowCalibration();
    this.sink.window(snap);
  }

  private knowCalibration(): void {
    const name = this.calibrationName;
    if (name === null || name === this.missed || this.calibration) return;
    this.missed = name;
    this.tell({ type: 'calibrations' });
  }

  private keep(column: WireColumn): void {
    const { second, spotTick, cells, options, scores } = column;
    if (!this.ring.write(second, spotTick, cells, this.now ?? second)) return;
    this.strikes?.write(this.ring.slotOf(second), second, options?.spotTick ?? 0, options?.values ?? null);
    this.scores.write(this.ring.slotOf(second), second, scores);
    this.sink.column(column);
  }

  private settle(request: number, first: number, last: number): void {
    if (!this.past.settle(request, first, last)) return;
    if (this.past.idle && this.now !== null) this.fill(this.now);
    this.sink.progress();
  }
}
