import './styles/tokens.css';
import './styles/fonts.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import type { Api } from '$lib/api/api';
import { router } from '$lib/router/router.svelte';
import { startAppearance } from '$lib/state/appearance.svelte';
import { setApi } from '$lib/state/bridge';

async function chooseApi(): Promise<Api> {
  if (__TEST_BRIDGES__ && !('__TAURI_INTERNALS__' in window)) {
    const { testApi } = await import('$lib/api/test-bridges');
    return testApi(new URLSearchParams(location.search));
  }
  const { TauriApi } = await import('$lib/api/tauri');
  return new TauriApi();
}

const [bridge] = await Promise.all([chooseApi(), startAppearance()]);
setApi(bridge);
router.start();

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
