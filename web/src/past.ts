// What is still to come of the half hour before now: asked for newest first, told as it arrives.
import { RING_COLUMNS } from './model/grid';
import type { ColumnRing, Span } from './model/ring';
import type { ToWorker } from './wire/messages';

export class Past {
  private pending: Span[] = [];
  private request = 0;

  constructor(
    private readonly ring: ColumnRing,
    private readonly tell: (message: ToWorker) => void,
  ) {}

  /** Seconds that are asked for and not here yet. */
  get loading(): number {
    return this.pending.reduce((sum, span) => sum + span.last - span.first + 1, 0);
  }

  get idle(): boolean {
    return this.pending.length === 0;
  }

  clear(): void {
    this.pending = [];
  }

  /** Asks for what is not kept of the half hour before `second`, but not before `start`, in place of what was asked before. */
  fill(second: number, start: number): void {
    const first = Math.max(start, second - RING_COLUMNS + 1);
    const spans = this.ring.missing(first, second - 1).reverse();
    if (spans.length === 0 && this.idle) return;
    this.pending = spans;
    this.tell({ type: 'history', request: ++this.request, spans: spans.map((span) => ({ ...span })) });
  }

  /** A piece came, newest first; of an older request (false) it changes nothing of what is on its way. */
  settle(request: number, first: number, last: number): boolean {
    if (request !== this.request) return false;
    for (const span of this.pending) if (first <= span.last && last >= span.first) span.last = first - 1;
    this.pending = this.pending.filter((span) => span.last >= span.first);
    return true;
  }

  /** Asked for again when the line is back or now has jumped, not at once. */
  failed(request: number): void {
    if (request === this.request) this.pending = [];
  }
}
