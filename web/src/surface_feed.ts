// Surfaces that are sent only while they are looked at: asks for them, fetches what is visible of their past, and keeps both.
import { RING_COLUMNS } from './model/grid';
import type { Span } from './model/ring';
import type { SurfaceColumn, SurfaceColumns } from './model/surface_columns';
import { SurfaceRing } from './model/surface_ring';
import { ASKED_SURFACES, type SurfaceName, surfacesFor, type Visible, whyAbsent } from './model/surfaces';
import type { CatalogSession } from './wire/catalog';
import type { FromWorker, ToWorker } from './wire/messages';

/** So much of a panel's series is shown. */
export const PANEL_SECONDS = 60;
/** Seconds fetched at a time: a few MB on the wire at most, and of the vacuum at first what is drawn at once. */
const PIECE: Record<SurfaceName, number> = {
  vacuum: 60,
  radar: 600,
  physics_bands: 600,
  gex: 300,
  gex_levels: RING_COLUMNS,
};

type Rings = { [S in SurfaceName]: SurfaceRing<SurfaceColumns[S]> };

export interface FeedSink {
  /** A second of a surface is there, or is known to have nothing. */
  column(surface: SurfaceName, second: number): void;
  /** Something can be said of a surface that could not before. */
  changed(): void;
}

export class SurfaceFeed {
  readonly rings: Rings = {
    vacuum: new SurfaceRing(),
    radar: new SurfaceRing(),
    physics_bands: new SurfaceRing(),
    gex: new SurfaceRing(),
    gex_levels: new SurfaceRing(),
  };
  /** Those that are looked at and that the session has. */
  wanted: readonly SurfaceName[] = [];
  private session: CatalogSession | null = null;
  private visible: Visible = { field: '', gex: false, bands: false, radar: false };
  private now: number | null = null;
  /** Edges of the picture in seconds from now. */
  private edges = { left: 0, right: 0 };
  private readonly pending = new Map<SurfaceName, number>();
  private readonly problems = new Map<SurfaceName, string>();
  /** What the server said where it had nothing. */
  private readonly empty = new Map<SurfaceName, string>();
  private requests = 0;

  constructor(
    private readonly tell: (message: ToWorker) => void,
    private readonly sink: FeedSink,
  ) {}

  /** A session is about to be opened: what it is to be opened with. */
  open(session: CatalogSession): readonly SurfaceName[] {
    this.session = session;
    this.now = null;
    this.pending.clear();
    this.problems.clear();
    this.empty.clear();
    for (const surface of ASKED_SURFACES) this.rings[surface].clear();
    this.wanted = this.needed();
    return this.wanted;
  }

  /** More is known of the session: a live one may come to have what it had not. */
  renew(session: CatalogSession): void {
    this.session = session;
    this.look(this.visible);
  }

  /** What is looked at has changed. */
  look(visible: Visible): void {
    this.visible = visible;
    const wanted = this.needed();
    if (wanted.join() !== this.wanted.join()) {
      this.wanted = wanted;
      this.problems.clear();
      if (this.session) this.tell({ type: 'surfaces', surfaces: wanted });
    }
    this.fill();
  }

  /** The picture looks elsewhere. */
  move(left: number, right: number): void {
    this.edges = { left, right };
    this.fill();
  }

  /** A window came with these. `leap`: what is on its way is of no use any more. */
  window(second: number, sent: readonly SurfaceName[], columns: readonly SurfaceColumn[], leap: boolean): void {
    this.now = second;
    if (leap) this.pending.clear();
    for (const surface of sent)
      this.keep(surface, second, columns.find((column) => column.surface === surface) ?? null);
    this.fill();
  }

  heard(message: Extract<FromWorker, { type: 'surface_columns' | 'surface_failed' }>): void {
    const { surface } = message;
    const current = this.pending.get(surface) === message.request;
    if (current) this.pending.delete(surface);
    if (message.type === 'surface_failed') {
      // Asked for again when something changes, not at once.
      this.problems.set(surface, message.detail);
      return this.sink.changed();
    }
    if (message.detail) this.empty.set(surface, message.detail);
    const found = new Map(message.columns.map((column) => [column.second, column]));
    const { first, last } = message.span;
    for (let second = first; second <= last; second++) this.keep(surface, second, found.get(second) ?? null);
    if (current) this.fill();
    this.sink.changed();
  }

  /** The line is back: what failed may be had now. */
  again(): void {
    this.problems.clear();
    this.pending.clear();
    this.fill();
  }

  at<S extends SurfaceName>(surface: S, second: number): SurfaceColumns[S] | null {
    return this.rings[surface].at(second);
  }

  /** Why there is nothing of a surface in a second, in words; empty where there is something to show. */
  whyNone(surface: SurfaceName, second: number): string {
    if (!this.session) return '';
    const absent = whyAbsent(surface, this.session);
    if (absent) return absent;
    const column = this.at(surface, second);
    if (column) return column.valid ? '' : 'This second cannot be trusted: gap, clear or unfinished snapshot.';
    if (this.rings[surface].has(second)) return this.empty.get(surface) ?? 'Nothing in this second.';
    return this.problems.get(surface) ?? 'Loading …';
  }

  private needed(): SurfaceName[] {
    const { session } = this;
    return session ? surfacesFor(this.visible).filter((surface) => whyAbsent(surface, session) === '') : [];
  }

  private keep(surface: SurfaceName, second: number, column: SurfaceColumn | null): void {
    const ring = this.rings[surface] as SurfaceRing<SurfaceColumn>;
    if (ring.write(second, column, this.now ?? second)) this.sink.column(surface, second);
  }

  /** Seconds of a surface that are of use now. */
  private range(surface: SurfaceName, now: number, session: CatalogSession): Span {
    const panel = surface === 'radar' || surface === 'physics_bands';
    const { left, right } = this.edges;
    const first = panel ? now - PANEL_SECONDS + 1 : Math.floor(now + Math.min(0, left));
    // What is said of now is needed wherever the picture looks.
    const last = surface === 'vacuum' && right < 0 ? Math.ceil(now + right) : now;
    return { first: Math.max(session.first, now - RING_COLUMNS + 1, first), last: Math.max(session.first, last) };
  }

  private fill(): void {
    const { now, session } = this;
    if (now === null || !session) return;
    for (const surface of this.wanted) {
      if (this.pending.has(surface) || this.problems.has(surface)) continue;
      const { first, last } = this.range(surface, now, session);
      const span = this.rings[surface].newestMissing(first, last, PIECE[surface]);
      if (!span) continue;
      const request = ++this.requests;
      this.pending.set(surface, request);
      this.tell({ type: 'surface', surface, request, span });
    }
  }
}
