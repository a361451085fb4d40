/** What the player can do to packages, profiles and transfers. Each says its result in the message slot. */
import { emptyChange, toApiError, type ChangeRequest, type Changed, type KeyDecision, type NewSource, type PackageKey, type Profile, type Settings, type SettingsPatch, type TransferCommand } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { api } from './bridge';
import { follow, over } from './jobs';
import { live } from './live.svelte';
import { notices, type WayBack } from './notices.svelte';
import { place } from './place.svelte';
import { problemText } from './problems';

export interface Named extends PackageKey {
  title: string;
}

const key = ({ source, id }: PackageKey): PackageKey => ({ source, id });

/** The newest change asked for here, while its end has not been said: until then its undo is not known. */
let underWay: Promise<void> | undefined;
/** A wait longer than this (ms) is explained. */
const unnoticed = 400;

interface Ending {
  /** Said when the job is over, where the change has one. */
  ended?: string;
  /** Takes the change back where the service gives no token. */
  back?: (changed: Changed) => Promise<Changed>;
}

/** Runs one call; a refusal is said in the slot. Gives nothing where it failed. */
export function attempt(call: () => Promise<Changed>, done?: string, ending: Ending = {}): Promise<Changed | undefined> {
  const result = run(call, done, ending);
  const mine = result
    .then((changed) => (changed?.job === undefined ? undefined : over(changed.job)))
    .finally(() => {
      if (underWay === mine) underWay = undefined;
    });
  underWay = mine;
  return result;
}

async function run(call: () => Promise<Changed>, done: string | undefined, { ended, back }: Ending): Promise<Changed | undefined> {
  try {
    const changed = await call();
    const { job } = changed;
    const way = changed.undo ?? (back === undefined ? undefined : () => back(changed));
    const notice = done === undefined ? undefined : notices.say(job === undefined ? (ended ?? done) : done, job === undefined ? way : undefined);
    if (job !== undefined) follow(job, { undo: way, notice, ended });
    return changed;
  } catch (thrown) {
    const { problem } = toApiError(thrown);
    notices.fail(problemText(problem), problem);
    return undefined;
  }
}

/** Title of one thing, or a count of several. */
function what(packages: Named[]): { title: string; count: number } {
  return { title: packages[0]?.title ?? '', count: packages.length };
}

export function change(request: Partial<ChangeRequest>, done?: string): Promise<Changed | undefined> {
  const profile = place.profile?.id;
  const body = { ...emptyChange, ...(profile !== undefined && { profile }), ...request };
  return attempt(() => api().call('change', { body }), done);
}

/** Installs a package, with what was chosen besides. */
export function install(target: Named, version?: string, besides: Pick<ChangeRequest, 'install' | 'features'> = { install: [] }): Promise<Changed | undefined> {
  const wish = { ...key(target), ...(version !== undefined && { range: `=${version}` }) };
  return change({ ...besides, install: [wish, ...besides.install] }, t('done-installing', { title: target.title }));
}

export function update(targets: Named[]): Promise<Changed | undefined> {
  return change({ update: targets.map(key) }, t('done-updating', what(targets)));
}

export function remove(targets: Named[]): Promise<Changed | undefined> {
  return change({ remove: targets.map(key) }, t('done-removed', what(targets)));
}

export function switchOn(targets: Named[], on: boolean): Promise<Changed | undefined> {
  const keys = targets.map(key);
  return change(on ? { enable: keys } : { disable: keys }, on ? t('done-enabled', what(targets)) : t('done-disabled', what(targets)));
}

/** Turns packages off that somebody advises against. */
export function quarantine(targets: Named[]): Promise<Changed | undefined> {
  return change({ quarantine: targets.map(key) }, t('done-quarantined', what(targets)));
}

/** Keeps packages at the version that they have, for a reason in the player's words. */
export function hold(targets: Named[], reason = ''): Promise<Changed | undefined> {
  const held = targets.map((target) => ({ ...key(target), ...(reason !== '' && { reason }) }));
  return change({ hold: held }, t('done-held', what(targets)));
}

/** Lets packages move with updates again. */
export function unhold(targets: Named[]): Promise<Changed | undefined> {
  return change({ unhold: targets.map(key) }, t('done-unheld', what(targets)));
}

/** Takes a change back: the one with this way, else the newest, which may still be on its way. */
export async function undo(way?: WayBack): Promise<void> {
  if (way === undefined && underWay !== undefined) {
    const patience = setTimeout(() => notices.say(t('undo-waits')), unnoticed);
    await underWay;
    clearTimeout(patience);
  }
  const notice = way === undefined ? notices.undoable() : notices.list.find((one) => one.undo === way);
  const used = way ?? notice?.undo;
  if (used === undefined) return;
  if (notice !== undefined) notices.close(notice.id);
  const call = typeof used === 'string' ? () => api().call('undo', { path: { token: used } }) : used;
  const ended = t('done-undone', { what: notice?.text ?? '' });
  await attempt(call, ended, { ended });
}

export function commandTransfers(body: TransferCommand, done?: string): Promise<Changed | undefined> {
  return attempt(() => api().call('command-transfers', { body }), done);
}

export function cancelJob(job: string): Promise<Changed | undefined> {
  return attempt(() => api().call('cancel-job', { path: { job } }), t('done-cancelled'));
}

export function patchSettings(body: SettingsPatch, done = t('done-setting')): Promise<Changed | undefined> {
  const before = settingsBefore(body, live.settings);
  const call = (patch: SettingsPatch) => api().call('patch-settings', { body: patch });
  return attempt(() => call(body), done, before === undefined ? {} : { back: () => call(before) });
}

/** What puts these settings back as they are now. */
export function settingsBefore(patch: SettingsPatch, now: Settings | undefined): SettingsPatch | undefined {
  if (now === undefined) return undefined;
  // Whoever names an upload limit switches the automatic one off with it.
  const names = [...Object.keys(patch), ...(patch.upload_limit === undefined ? [] : ['upload_auto'])];
  return Object.fromEntries(names.map((name) => [name, now[name as keyof Settings] ?? (name === 'offline' ? false : undefined)])) as SettingsPatch;
}

/** In offline mode nobody is asked and nothing is given. */
export function setOffline(offline: boolean): Promise<Changed | undefined> {
  return patchSettings({ offline }, t(offline ? 'done-offline' : 'done-online'));
}

export function syncSource(source: string, name: string): Promise<Changed | undefined> {
  return attempt(() => api().call('sync-source', { path: { source } }), t('done-syncing', { source: name }));
}

export async function play(profile: Pick<Profile, 'id' | 'game_title'> | undefined = place.profile): Promise<void> {
  if (profile === undefined) return;
  try {
    await api().call('launch', { path: { profile: profile.id }, body: { prove: false } });
    notices.say(t('done-started', { game: profile.game_title }));
  } catch (thrown) {
    const { problem } = toApiError(thrown);
    notices.fail(problemText(problem), problem);
  }
}

export function addSource(body: NewSource): Promise<Changed | undefined> {
  return attempt(() => api().call('add-source', { body }), t('done-source-added', { source: body.alias ?? body.address }));
}

export function trustKey(source: string, body: KeyDecision): Promise<Changed | undefined> {
  return attempt(() => api().call('decide-key', { path: { source }, body }), t('done-key-trusted', { publisher: body.publisher }));
}
