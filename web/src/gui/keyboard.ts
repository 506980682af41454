// Keys pressed anywhere on the page, told as actions.
import { actionOf, type KeyAction, typesText } from './keys';

/** `closed`: whether keys are the page's, not those of a dialog. */
export function listenToKeys(
  surface: HTMLElement,
  layers: number,
  closed: () => boolean,
  act: (action: KeyAction) => void,
): void {
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target instanceof HTMLSelectElement) return surface.focus();
    if (typesText(event.target) || !closed()) return;
    // A button reached by keyboard is pressed by Space; one that was clicked does not keep the focus (below).
    if (event.key === ' ' && event.target instanceof HTMLButtonElement) return;
    const action = actionOf(event, layers);
    if (!action) return;
    event.preventDefault();
    act(action);
  });
  window.addEventListener('click', (event) => {
    if (event.detail > 0 && document.activeElement instanceof HTMLButtonElement) document.activeElement.blur();
  });
}
