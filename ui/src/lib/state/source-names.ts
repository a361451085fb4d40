/** `modrinth:fabric` → `fabric`: which part of a service is meant. */
export const partOf = (address: string): string => /^[a-z]+:(?!\/)(.+)$/.exec(address)?.[1] ?? '';
