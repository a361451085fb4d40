/** Theme, language and density on the root element; the service keeps the choice, this machine a copy for the first frame. */
import type { Settings, Theme } from '$lib/api/api';
import { resolveLocale, setLocale } from '$lib/i18n/i18n.svelte';

const stored = 'muster-appearance';

interface Appearance {
  theme: Theme;
  language: string;
}

let current: Appearance = { theme: 'system', language: '' };
const dark = window.matchMedia('(prefers-color-scheme: dark)');

function show(): Promise<void> {
  const theme = current.theme === 'system' ? (dark.matches ? 'dark' : 'light') : current.theme;
  document.documentElement.dataset.theme = theme;
  return setLocale(resolveLocale(current.language, navigator.languages));
}

/** Done when the texts of the language are here. */
export function startAppearance(): Promise<void> {
  try {
    current = { ...current, ...(JSON.parse(localStorage.getItem(stored) ?? '{}') as Partial<Appearance>) };
  } catch {
    // A broken copy is replaced by the service's answer.
  }
  dark.addEventListener('change', () => void show());
  return show();
}

export function applySettings(settings: Settings): void {
  const next = { theme: settings.theme, language: settings.language };
  if (next.theme === current.theme && next.language === current.language) return;
  current = next;
  localStorage.setItem(stored, JSON.stringify(current));
  void show();
}
