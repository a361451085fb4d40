// Everything that the page needs before its first frame in one script and one stylesheet. Split by who else uses it, it
// came in more than sixty files, each with a way through three processes.
interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** Names the chunk of a module: `first` where `entry` imports it, by way of others or not, and never lazily. */
export function firstChunk(entry: string): (id: string, modules: Modules) => string | null {
  let first: Set<string> | undefined;

  function collect(modules: Modules): Set<string> {
    const found = new Set<string>();
    const waiting = [entry];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
    }
    return found;
  }

  return (id, modules) => ((first ??= collect(modules)).has(id) ? 'first' : null);
}
