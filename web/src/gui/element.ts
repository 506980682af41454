// DOM elements in one expression.

type Attributes = Record<string, string | boolean | undefined>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

/** Writes only what changed: an untouched text node costs no layout. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** A button with a name for those who do not see its sign. */
export function button(text: string, name: string, click: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', 'aria-label': name, title: name, ...attributes }, text);
  made.addEventListener('click', click);
  return made;
}
