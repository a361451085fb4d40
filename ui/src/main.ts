import './styles/tokens.css';
import './styles/fonts.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import type { Api } from '$lib/api/api';
import { TauriApi } from '$lib/api/tauri';
import { router } from '$lib/router/router.svelte';
import { startAppearance } from '$lib/state/appearance.svelte';
import { setApi } from '$lib/state/bridge';
import { browse } from '$lib/state/browse.svelte';
import { live } from '$lib/state/live.svelte';
import { moment } from '$lib/state/moments';

async function chooseApi(): Promise<Api> {
  if (__TEST_BRIDGES__ && !('__TAURI_INTERNALS__' in window)) {
    const { testApi } = await import('$lib/api/test-bridges');
    return testApi(new URLSearchParams(location.search));
  }
  return new TauriApi();
}

/**
 * Text that is laid out before its font is here makes the engine look for every other family of the list, in each size and
 * weight: 90 ms of the start.
 */
function fontIsHere(): Promise<unknown> {
  return document.fonts.load("1rem 'Atkinson Hyperlegible Next'").catch(() => undefined);
}

/** Not at the top level: what is fetched later imports from this file's chunk, and would wait for it to be done. */
async function start(): Promise<void> {
  moment('script');
  const [bridge] = await Promise.all([chooseApi(), startAppearance(), fontIsHere()]);
  moment('texts');
  setApi(bridge);
  // The page has its colours: the desktop makes room for the window while the rest of it is made.
  void bridge.windowReady();
  // Asked before the page is made, which takes as long as the answer.
  void live.start();
  router.start();
  browse.ahead();

  const target = document.getElementById('app');
  if (target === null) throw new Error('index.html has no #app');
  mount(App, { target });
  moment('mounted');
}

void start();
