// The page put together: what arrives goes to the picture, what a person does goes to the playback, and the address of
// the page says where both are.

import { Address } from './address';
import { Dock } from './gui/dock';
import { element } from './gui/element';
import { FieldsBar } from './gui/fields_bar';
import { Help } from './gui/help';
import { copyCell, savePictureOf } from './gui/keep';
import { listenToKeys } from './gui/keyboard';
import { type KeyAction, nextSpeed } from './gui/keys';
import { Picture } from './gui/picture';
import { connectPointer } from './gui/picture_input';
import { SeriesPanel } from './gui/series_panel';
import { TopBar } from './gui/top_bar';
import { Transport } from './gui/transport';
import { LAYERS } from './layers/list';
import { Looks } from './looks';
import { type Preferences, readPreferences } from './model/preferences';
import { readUrl, SPEEDS, type UrlState } from './model/url_state';
import { Playback } from './playback';
import type { ColumnFacts } from './views/scene';
import { type CatalogSession, fetchCatalog } from './wire/catalog';
import type { WireColumn } from './wire/decode_velocity';
import { type NamedSession, sessionNamed } from './wire/named_session';

const EMPTY_LAKE =
  'The lake is empty. Fill it with `make demo`, or with `spymaster simulate && spymaster run --product-type future_mbo --layer all`.';
/** Without a place in the address a session opens five minutes in, with those five minutes already drawn. */
const OPENS_AFTER_SECONDS = 300;
const ASK_AGAIN_MS = 2000;
const LACKING = { options: 'No bars', forecast: 'No run scores of the past' } as const;

export class App {
  readonly playback: Playback;
  readonly picture: Picture;
  /** Main-thread milliseconds each of the last windows took to take in. */
  readonly windowTimes: number[] = [];
  private readonly address: Address;
  private readonly top: TopBar;
  private readonly fields: FieldsBar;
  private readonly transport: Transport;
  private readonly help = new Help();
  private readonly dock: Dock;
  private readonly looks: Looks;
  private readonly base = location.origin;
  private wanted: UrlState = readUrl(location.search);
  private catalog: CatalogSession[] = [];

  constructor(root: HTMLElement, worker: Worker) {
    this.playback = new Playback(worker, {
      column: (column) => this.column(column),
      window: () => this.window(),
      snapshots: () => this.snapshots(),
      progress: () => this.progress(),
      state: () => this.showState(),
      connection: () => this.connection(),
      problem: (detail) => console.warn(detail),
      lacking: (what, detail) => this.picture.remark.show(`${LACKING[what]}: ${detail}`),
      surfaces: {
        column: (surface, second) => this.picture.scene.setSurface(surface, second),
        changed: () => this.progress(),
      },
    });
    this.top = new TopBar({
      pick: (session) => this.pick(session),
      palette: () => this.act({ do: 'palette' }),
      theme: () => this.act({ do: 'theme' }),
      help: () => this.help.keys(),
    });
    this.fields = new FieldsBar(
      (index) => this.act({ do: 'field', index }),
      () => this.act({ do: 'scale' }),
      (name) => this.act({ do: name }),
    );
    this.transport = new Transport({
      toggle: () => this.act({ do: 'toggle' }),
      step: (windows) => this.act({ do: 'step', windows }),
      speed: (speed) => this.speed(speed),
      seek: (second) => this.playback.seek(second),
      follow: () => this.act({ do: 'follow' }),
    });
    const { folded, radarFolded } = readPreferences(localStorage);
    const series = new SeriesPanel(folded, (names) => this.prefer({ folded: names }));
    this.dock = new Dock(radarFolded, {
      close: (panel) => this.act({ do: panel }),
      folded: (groups) => this.prefer({ radarFolded: groups }),
    });
    this.picture = new Picture(this.playback, series, this.dock, () => {
      this.transport.update(this.playback, this.picture.camera.following);
      this.fields.showScale(this.picture.look, this.picture.scale);
    });
    this.address = new Address(this.playback, this.picture);
    const main = element('div', { class: 'middle' }, this.picture.node, series.node);
    const stage = element('div', { class: 'stage' }, main, this.dock.node);
    root.append(this.top.node, this.fields.node, stage, this.transport.node, this.help.node);
    this.looks = new Looks(localStorage, this.wanted, this.picture.look);
    this.listen();
    this.applyLook();
    void this.start();
  }

  /** Whether the page's address says all that is seen; it lags by up to a second. */
  get addressIsCurrent(): boolean {
    return this.address.isCurrent;
  }

  act(action: KeyAction): void {
    const { camera } = this.picture;
    const { state, now } = this.playback;
    switch (action.do) {
      case 'toggle':
        return this.toggle();
      case 'step':
        return this.playback.control({ type: 'step', windows: action.windows });
      case 'faster':
        return this.speed(nextSpeed(state.speed, action.by, SPEEDS));
      case 'field':
        this.picture.look.layer = action.index;
        return this.applyLook();
      case 'follow':
        camera.follow(now === null ? camera.centreTick : this.playback.lineTick(now) || camera.centreTick);
        return this.moved();
      case 'goto':
        return this.transport.focusGoto();
      case 'pick':
        return this.top.picker.focus();
      case 'help':
        return this.help.keys();
      case 'save':
        return savePictureOf(this.picture, this.playback);
      case 'copy':
        return copyCell(this.picture, this.playback);
      case 'palette':
        return this.prefer({ palette: this.picture.look.safe ? 'specified' : 'safe' });
      case 'scale':
        this.looks.toggleScale();
        return this.applyLook();
      case 'options':
      case 'forecast':
      case 'gex':
      case 'bands':
      case 'radar':
        // What the session has not cannot be switched, by key as little as by its button.
        if (this.fields.has(action.do)) this.looks.toggle(action.do);
        return this.applyLook();
      case 'theme':
        return this.prefer({ theme: this.picture.look.light ? 'dark' : 'light' });
      case 'escape':
        this.picture.crosshair.unpin();
        this.picture.range.clear();
        this.picture.remark.show('');
        return this.picture.invalidate();
    }
  }

  private async start(): Promise<void> {
    this.picture.notice.show('Loading the catalogue …');
    for (;;) {
      try {
        this.catalog = await fetchCatalog(this.base);
        if (this.catalog.length > 0) return this.openNamed(await sessionNamed(this.base, this.catalog, this.wanted));
        this.top.connectionWord({ connection: 'connected', detail: '' });
        this.picture.notice.show(EMPTY_LAKE);
      } catch (error) {
        this.top.connectionWord({ connection: 'connecting', detail: String(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  private openNamed({ session, remark }: NamedSession): void {
    this.picture.remark.show(remark);
    this.open(session, remark ? { ...this.wanted, second: undefined } : this.wanted);
  }

  private open(session: CatalogSession, wanted: UrlState): void {
    const opening = Math.min(session.first + OPENS_AFTER_SECONDS, Math.floor((session.first + session.last) / 2));
    const at = Math.min(session.last, Math.max(session.first, wanted.second ?? opening));
    this.picture.notice.show(`Loading ${session.symbol} ${session.dt} …`);
    this.top.picker.setCatalog(this.catalog, session);
    this.transport.setRange(session.first, session.last);
    this.playback.open(this.base, session, at, wanted.speed ?? this.playback.state.speed, wanted.paused ?? false);
    this.picture.reset(session, this.playback.strikes);
    const { camera } = this.picture;
    if (wanted.zoomTime !== undefined) camera.setZoom(wanted.zoomTime, wanted.zoomPrice ?? wanted.zoomTime);
    if (wanted.centrePrice !== undefined)
      this.picture.place((wanted.centrePrice * 1e9) / session.tickInt, wanted.back ?? 0);
    this.applyLook();
  }

  private pick(session: CatalogSession): void {
    this.picture.remark.show('');
    this.open(session, { paused: !this.playback.state.playing });
    this.picture.surface.focus();
  }

  private column(column: WireColumn): void {
    this.picture.scene.setColumn(column.second, column.cells, this.facts(column.second));
  }

  private facts(second: number): ColumnFacts {
    const { ring, snapshots } = this.playback;
    return {
      spotTick: ring.spotTick(second),
      lineTick: this.playback.lineTick(second),
      quality: snapshots.quality(second),
    };
  }

  private window(): void {
    const began = performance.now();
    const { playback } = this;
    if (playback.now === null) return;
    this.picture.notice.show('');
    this.picture.spotMoved(playback.lineTick(playback.now));
    this.showState();
    this.address.later();
    this.windowTimes.push(performance.now() - began + playback.lastUploadMs);
    if (this.windowTimes.length > 240) this.windowTimes.shift();
  }

  /** Quality and line of every column already drawn; columns that come later ask for theirs. */
  private snapshots(): void {
    const { ring, snapshots } = this.playback;
    for (const second of snapshots.columns.second) {
      if (ring.has(second)) this.picture.scene.setFacts(second, this.facts(second));
    }
    this.showState();
  }

  private progress(): void {
    this.picture.invalidate();
  }

  private showState(): void {
    this.top.update(this.playback);
    this.picture.invalidate();
  }

  private connection(): void {
    const { connection, detail, session } = this.playback;
    if (connection === 'refused') this.picture.notice.show(`${session?.symbol} ${session?.dt}: ${detail}`);
    this.showState();
  }

  private toggle(): void {
    const { state, session } = this.playback;
    if (state.ended && session) this.playback.seek(session.first);
    this.playback.control({ type: state.playing && !state.ended ? 'pause' : 'resume' });
  }

  private speed(speed: number): void {
    this.playback.control({ type: 'speed', speed });
  }

  private prefer(change: Partial<Preferences>): void {
    this.looks.prefer(change);
    this.applyLook();
  }

  private applyLook(): void {
    const { look } = this.picture;
    this.looks.apply();
    Object.assign(document.documentElement.dataset, {
      theme: look.light ? 'light' : 'dark',
      palette: look.safe ? 'safe' : 'specified',
    });
    this.top.setSafe(look.safe);
    this.fields.showSession(this.playback.session, look);
    this.fields.show(look.layer, look);
    this.dock.show(look);
    this.playback.feed.look({ field: LAYERS[look.layer].surface, gex: look.gex, bands: look.bands, radar: look.radar });
    this.moved();
  }

  private moved(): void {
    this.picture.invalidate();
    this.address.later();
  }

  private listen(): void {
    const { picture, help } = this;
    listenToKeys(
      picture.surface,
      LAYERS.length,
      () => !help.node.open,
      (action) => this.act(action),
    );
    connectPointer(picture, this.playback, this.base, {
      moved: () => this.moved(),
      follow: () => this.act({ do: 'follow' }),
    });
  }
}

export const appRoot = (): HTMLElement =>
  document.getElementById('page') ?? document.body.appendChild(element('div', { id: 'page' }));
