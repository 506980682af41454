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
import { LiveParts } from './live_parts';
import { Looks } from './looks';
import { type Preferences, readPreferences } from './model/preferences';
import { readUrl, SPEEDS } from './model/url_state';
import { Playback } from './playback';
import { Sessions } from './sessions';
import type { ColumnFacts } from './views/scene';
import type { WireColumn } from './wire/decode_velocity';
import { sessionTitle } from './wire/named_session';

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
  /** The second shown last. */
  private shown = 0;
  private readonly live: LiveParts;
  readonly sessions: Sessions;
  private readonly base = location.origin;

  constructor(root: HTMLElement, worker: Worker) {
    this.playback = new Playback(worker, {
      column: (column) => this.column(column),
      window: () => this.window(),
      snapshots: () => this.snapshots(),
      progress: () => this.progress(),
      state: () => this.showState(),
      source: (drawn) => this.sourceSaid(drawn),
      connection: () => this.connection(),
      began: (session) => this.picture.reset(session, this.playback.strikes),
      problem: (detail) => console.warn(detail),
      lacking: (what, detail) => this.picture.remark.show(`${LACKING[what]}: ${detail}`),
      surfaces: {
        column: (surface, second) => this.picture.scene.setSurface(surface, second),
        changed: () => this.progress(),
      },
    });
    this.top = new TopBar({
      pick: (session) => this.sessions.pick(session),
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
      live: () => this.act({ do: 'live' }),
    });
    const { folded, radarFolded } = readPreferences(localStorage);
    const series = new SeriesPanel(folded, (names) => this.prefer({ folded: names }));
    this.dock = new Dock(radarFolded, {
      close: (panel) => this.act({ do: panel }),
      folded: (groups) => this.prefer({ radarFolded: groups }),
    });
    this.picture = new Picture(this.playback, series, this.dock, () => {
      this.showPlace();
      this.fields.showScale(this.picture.look, this.picture.scale);
    });
    this.address = new Address(this.playback, this.picture);
    this.sessions = new Sessions(this.base, this.playback, this.picture, this.top, () => this.applyLook());
    this.live = new LiveParts(this.playback, this.picture);
    const main = element('div', { class: 'middle' }, this.picture.node, series.node);
    const stage = element('div', { class: 'stage' }, main, this.dock.node);
    root.append(this.top.node, this.live.line.node, this.fields.node, stage, this.transport.node, this.help.node);
    const wanted = readUrl(location.search);
    this.looks = new Looks(localStorage, wanted, this.picture.look);
    this.listen();
    this.applyLook();
    void this.sessions.run(wanted);
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
      case 'live':
        return this.goLive();
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
    if (playback.state.live) this.picture.camera.passed(playback.now - this.shown);
    this.shown = playback.now;
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
    this.live.update();
    // At once, not only with the next picture: what is said of one state is said together.
    this.showPlace();
    this.picture.invalidate();
  }

  /** Once a second at least, of a live session: no reason to draw the picture. */
  private sourceSaid(drawn: boolean): void {
    this.live.update();
    this.showPlace();
    if (drawn) this.picture.invalidate();
  }

  private showPlace(): void {
    this.transport.update(this.playback, this.picture.camera.following, this.sessions.live !== null);
  }

  private connection(): void {
    const { connection, detail, session } = this.playback;
    if (connection === 'refused' && session) this.picture.notice.show(`${sessionTitle(session)}: ${detail}`);
    if (connection === 'connected' && session?.live) void this.sessions.refresh();
    this.showState();
  }

  /** To the edge of the live session, from wherever one is. */
  private goLive(): void {
    const { live } = this.sessions;
    const { session } = this.playback;
    if (!session?.live || session.over) return live ? this.sessions.pick(live) : undefined;
    this.playback.control({ type: 'live' });
    this.act({ do: 'follow' });
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
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.playback.returned();
    });
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
