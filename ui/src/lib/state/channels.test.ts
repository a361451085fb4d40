import { describe, expect, it } from 'vitest';
import { requestOf } from './channels.svelte';

const target = { source: 'reg-1', id: 'alice/trees', title: 'Trees' };

describe('a choice of a channel', () => {
  it('is of one package, and moves that one alone', () => {
    expect(requestOf({ profile: 'p', title: 'Trees', target, channel: 'beta' }, true)).toMatchObject({
      profile: 'p', channels: [{ source: 'reg-1', id: 'alice/trees', channel: 'beta' }], update: [{ source: 'reg-1', id: 'alice/trees' }],
    });
    const back = requestOf({ profile: 'p', title: 'Trees', target }, false);
    expect(back.channels).toEqual([{ source: 'reg-1', id: 'alice/trees' }]);
    expect(back.update).toEqual([]);
    expect(back.channel).toBeUndefined();
  });

  it('is of the profile where no package is named', () => {
    expect(requestOf({ profile: 'p', title: 'Friday', channel: 'dev' }, true)).toMatchObject({ channel: 'dev', update_all: true });
    expect(requestOf({ profile: 'p', title: 'Friday' }, false)).toMatchObject({ channel: 'stable', update_all: false });
  });
});
