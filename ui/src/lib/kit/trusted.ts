/**
 * Marks HTML of the service as trusted, where the engine asks for that (Trusted Types). The policy is named in the
 * window's content security policy; only `Prose` may use it, and only for what arrived sanitised.
 */

interface Policy {
  createHTML(html: string): string;
}

interface Factory {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): Policy;
}

function makePolicy(): Policy {
  const asIs: Policy = { createHTML: (html) => html };
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  if (factory === undefined) return asIs;
  try {
    return factory.createPolicy('muster-prose', asIs);
  } catch {
    // A window whose policy does not name ours shows the text without its form, rather than nothing.
    return { createHTML: (html) => html.replace(/<[^>]*>/g, ' ') };
  }
}

const policy = makePolicy();

/** What `{@html}` may place: a TrustedHTML object where the engine has them. */
export function trusted(html: string): string {
  return policy.createHTML(html);
}
