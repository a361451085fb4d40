import { expect, it, vi } from 'vitest';
import { after, moment } from './moments';

it('does what waits once, when the moment comes or when it does not', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const done: string[] = [];
  after('rows', 700, () => done.push('early'));
  after('page', 700, () => done.push('late'));
  const stop = after('rows', 700, () => done.push('never'));
  stop();
  moment('rows');
  vi.advanceTimersByTime(300);
  expect(done).toEqual(['early']);
  vi.advanceTimersByTime(1000);
  moment('page');
  vi.advanceTimersByTime(1000);
  expect(done).toEqual(['early', 'late']);
  after('rows', 700, () => done.push('past'));
  vi.advanceTimersByTime(300);
  expect(done).toEqual(['early', 'late', 'past']);
  vi.useRealTimers();
});
