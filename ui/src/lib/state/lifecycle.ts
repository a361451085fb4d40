/** What the player can do to profiles and to their history. Each says its result in the message slot, with its undo. */
import type { Changed, DriftDecision, NewProfile, PlaceFile, Profile, RemovedProfile } from '$lib/api/api';
import { t } from '$lib/i18n/i18n.svelte';
import { attempt } from './actions';
import { api } from './bridge';
import { live } from './live.svelte';

type Result = Promise<Changed | undefined>;
type Known = Pick<Profile, 'id' | 'name'>;

const removal = (profile: string): Promise<Changed> => api().call('remove-profile', { path: { profile } });
const renaming = (profile: string, name: string): Promise<Changed> => api().call('patch-profile', { path: { profile }, body: { name } });
const naming = (profile: string, generation: number, name: string): Promise<Changed> =>
  api().call('name-generation', { path: { profile, generation: String(generation) }, body: { name } });

/** The wished name, or the first one with a number behind it that is free. */
export function freeName(wished: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  let name = wished;
  for (let number = 2; used.has(name); number += 1) name = `${wished} ${number}`;
  return name;
}

export function createProfile(body: NewProfile): Promise<Changed> {
  return api().call('create-profile', { body });
}

/** Makes a profile the one whose files are in the game's folders, and the one that Install and Play mean. */
export function switchProfile(id: string): Result {
  const name = live.profiles.find((profile) => profile.id === id)?.name ?? '';
  return attempt(() => api().call('patch-profile', { path: { profile: id }, body: { active: true } }), t('done-switching', { name }), { ended: t('done-switched', { name }) });
}

export function cloneProfile({ id, name }: Known): Result {
  const copy = freeName(t('profiles-copy-name', { name }), live.profiles.map((profile) => profile.name));
  const made = t('done-cloned', { name: copy });
  return attempt(() => api().call('clone-profile', { path: { profile: id }, body: { name: copy } }), made, { back: ({ created = '' }) => removal(created) });
}

export function renameProfile({ id, name }: Known, next: string): Result {
  return attempt(() => renaming(id, next), t('done-renamed', { name: next }), { back: () => renaming(id, name) });
}

export function removeProfile({ id, name }: Known): Result {
  return attempt(() => removal(id), t('done-deleting', { name }), { ended: t('done-deleted', { name }) });
}

/** A name that another profile took meanwhile gets a number. */
export function restoreProfile({ id, name }: RemovedProfile): Result {
  const body = { name: freeName(name, live.profiles.map((profile) => profile.name)) };
  const ended = t('done-restored', { name: body.name });
  return attempt(() => api().call('restore-profile', { path: { profile: id }, body }), ended, { ended, back: () => removal(id) });
}

export function goBack(profile: string, generation: number, what: string): Result {
  const path = { profile, generation: String(generation) };
  return attempt(() => api().call('go-back', { path }), t('done-going-back', { what }), { ended: t('done-went-back', { what }) });
}

export function nameState(profile: string, generation: number, name: string, before: string): Result {
  const said = name === '' ? t('done-unnamed') : t('done-named', { name });
  return attempt(() => naming(profile, generation, name), said, { back: () => naming(profile, generation, before) });
}

export function restoreOriginal(profile: string, game: string): Result {
  return attempt(() => api().call('vanilla', { path: { profile } }), t('done-taking-out', { game }), { ended: t('done-taken-out', { game }) });
}

export function decideDrift(profile: string, body: DriftDecision): Result {
  const values = { count: body.files.length, file: body.files[0]?.path ?? '' };
  const ended = body.keep === 'mine' ? t('done-kept-mine', values) : body.keep === 'theirs' ? t('done-kept-theirs', values) : t('done-kept-both', values);
  return attempt(() => api().call('decide-drift', { path: { profile }, body }), t('done-deciding', values), { ended });
}

export function repairFiles(profile: string): Result {
  return attempt(() => api().call('repair', { path: { profile } }), t('done-repairing'), { ended: t('done-repaired') });
}

/** Versions that were set aside take their places again, or one another place; what is there is set aside first. */
export function restoreKept(profile: string, ids: string[], file: string, to?: PlaceFile): Result {
  const values = { count: ids.length, file };
  const body = { ids, ...(to && { to }) };
  return attempt(() => api().call('restore-kept', { path: { profile }, body }), t('done-bringing-back', values), { ended: t('done-brought-back', values) });
}
