/** What says the same, together: groups in the order of their first members. */
export function together<T>(list: readonly T[], says: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const group = groups.get(says(one));
    if (group === undefined) groups.set(says(one), [one]);
    else group.push(one);
  }
  return [...groups.values()];
}
