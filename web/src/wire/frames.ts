// Nine messages make a window: batch_start, then a header and a binary frame for each surface (spec 6). This puts them
// together again; a window that comes in pieces or out of order is dropped whole and said so.
import type { Feed } from '../model/feed';
import { WireError } from './arrow_columns';
import type { Surface } from './contract';
import type { PlayState, ServerMessage } from './protocol';

export interface Frame {
  second: number;
  /** Name of the calibration the forecast was made with; null for none. */
  calibration: string | null;
  surfaces: Map<Surface, ArrayBuffer>;
}

export interface FrameSink {
  frame(frame: Frame): void;
  state(state: PlayState): void;
  feed(feed: Feed): void;
  error(message: string): void;
}

export class FrameAssembler {
  private frame: Frame | null = null;
  private expected: Surface[] = [];
  private header: Surface | null = null;

  constructor(private readonly sink: FrameSink) {}

  /** Throws WireError when the order is broken; the assembler then waits for the next batch_start. */
  text(message: ServerMessage): void {
    if (message.type === 'state') return this.sink.state(message.state);
    if (message.type === 'feed') return this.sink.feed(message.feed);
    if (message.type === 'error') return this.sink.error(message.message);
    if (message.type === 'batch_start') {
      const unfinished = this.frame;
      this.frame = { second: message.second, calibration: message.calibration, surfaces: new Map() };
      this.expected = message.surfaces;
      this.header = null;
      if (unfinished) throw new WireError(`window ${unfinished.second} was not finished`);
      return;
    }
    if (!this.frame || this.header) this.fail(`header of ${message.surface} is out of place`);
    if (!this.expected.includes(message.surface)) this.fail(`surface ${message.surface} was not announced`);
    this.header = message.surface;
  }

  binary(bytes: ArrayBuffer): void {
    if (!this.frame || !this.header) return this.fail('binary frame without a header');
    this.frame.surfaces.set(this.header, bytes);
    this.header = null;
    if (this.frame.surfaces.size < this.expected.length) return;
    const whole = this.frame;
    this.reset();
    this.sink.frame(whole);
  }

  reset(): void {
    this.frame = null;
    this.header = null;
  }

  private fail(reason: string): never {
    this.reset();
    throw new WireError(reason);
  }
}
