/** Light and dark: the system's wish unless the visitor chose; and the colours that canvases need as values. */
import { make } from './dom';
import { createSignal } from './signal';

export type Theme = 'light' | 'dark';
const key = 'cusp-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

export const theme = createSignal<Theme>(chosen() ?? (system.matches ? 'dark' : 'light'));

/** Puts the theme on the document and follows the system while nothing was chosen. */
export function followTheme(): void {
  const apply = (value: Theme): void => {
    document.documentElement.dataset['theme'] = value;
  };
  // The attribute must be there before the watchers of this page read their colours.
  apply(theme.get());
  system.addEventListener('change', () => {
    if (chosen() !== null) return;
    const value = system.matches ? 'dark' : 'light';
    apply(value);
    theme.set(value);
  });
}

export function createThemeButton(): HTMLButtonElement {
  const button = make('button', { type: 'button', class: 'quiet', id: 'theme' });
  const label = (): void => {
    const other = theme.get() === 'dark' ? 'light' : 'dark';
    button.textContent = other === 'dark' ? 'Dark' : 'Light';
    button.setAttribute('aria-label', `Use the ${other} colours`);
  };
  button.addEventListener('click', () => {
    const next: Theme = theme.get() === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = next;
    try {
      localStorage.setItem(key, next);
    } catch {
      // Storage is refused in some frames; the choice then lasts as long as the page.
    }
    theme.set(next);
  });
  theme.watch(label);
  label();
  return button;
}

/** A custom property of the stylesheet as a colour for a canvas, for example `colour('train')`. */
export function colour(name: string): string {
  return (
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || '#888888'
  );
}

function chosen(): Theme | null {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}
