// Pointer and wheel over the picture, told as intentions.

export interface PointerActions {
  hover(x: number, y: number): void;
  leave(): void;
  pan(dx: number, dy: number): void;
  zoom(x: number, y: number, factor: number, axes: 'both' | 'time' | 'price'): void;
  pin(): void;
  follow(): void;
  rangeDragged(from: { x: number; y: number }, to: { x: number; y: number }): void;
  rangeDone(): void;
}

/** Movement up to this many pixels is still a click. */
const CLICK_PIXELS = 4;
export const ZOOM_IN = 1.1;
export const ZOOM_OUT = 0.9;

export function listenToPointer(surface: HTMLElement, actions: PointerActions): void {
  let start: { x: number; y: number; range: boolean } | null = null;
  let last = { x: 0, y: 0 };
  let moved = false;
  const at = (event: MouseEvent) => {
    const box = surface.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  surface.addEventListener('pointerdown', (event) => {
    // A link over the picture is followed, not taken hold of.
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('a'))) return;
    start = { ...at(event), range: event.shiftKey };
    last = at(event);
    moved = false;
    surface.setPointerCapture(event.pointerId);
  });
  surface.addEventListener('pointermove', (event) => {
    const here = at(event);
    actions.hover(here.x, here.y);
    if (!start) return;
    if (!moved && Math.hypot(here.x - start.x, here.y - start.y) < CLICK_PIXELS) return;
    moved = true;
    if (start.range) actions.rangeDragged(start, here);
    else actions.pan(here.x - last.x, here.y - last.y);
    last = here;
  });
  const end = (event: PointerEvent) => {
    if (!start) return;
    if (moved && start.range) actions.rangeDone();
    else if (!moved && event.type === 'pointerup') actions.pin();
    start = null;
  };
  surface.addEventListener('pointerup', end);
  surface.addEventListener('pointercancel', end);
  surface.addEventListener('pointerleave', () => {
    if (!start) actions.leave();
  });
  surface.addEventListener('dblclick', () => actions.follow());
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    // With Shift a browser may turn the wheel sideways.
    const turn = event.deltaY !== 0 ? event.deltaY : event.deltaX;
    if (turn === 0) return;
    const { x, y } = at(event);
    actions.zoom(x, y, turn < 0 ? ZOOM_IN : ZOOM_OUT, event.shiftKey ? 'time' : event.altKey ? 'price' : 'both');
  };
  surface.addEventListener('wheel', wheel, { passive: false });
}
