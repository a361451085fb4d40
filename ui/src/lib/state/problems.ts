/** Sentences for codes of the service: what happened, and what is safe and what to do. */
import type { Advice, Explanation, Problem, Reason } from '$lib/api/api';
import { coded, t } from '$lib/i18n/i18n.svelte';

export function problemText(problem: Problem): string {
  return coded('error', problem.code, problem.context) ?? t('error-unnamed', { code: problem.code });
}

/** Where the terminal names a command, the window has words of its own. */
export function problemHint(problem: Problem): string {
  return coded('hint', problem.code, problem.context) ?? coded('error', `${problem.code}-hint`, problem.context) ?? t('error-unnamed-hint');
}

/** What can be copied for a report: code, trace and values, in English. */
export function problemDetails(problem: Problem): string {
  const values = Object.entries(problem.context ?? {}).map(([key, value]) => `${key}: ${value}`);
  return [`${problem.code} (${problem.status})`, problem.title, ...values, problem.trace && `trace ${problem.trace}`]
    .filter((line) => line !== '')
    .join('\n');
}

/** A reason wherever one may stand: waiting, refused, noted. */
export function reasonText(reason: Reason): string {
  const { code, context } = reason;
  for (const prefix of ['reason', 'notice', 'fix', 'error', 'explain']) {
    const text = coded(prefix, code, context);
    if (text !== undefined) return text;
  }
  return t('reason-unnamed', { code });
}

/** What a source says against a version. */
export function adviceText(advice: Advice): string {
  const context = { severity: advice.severity, text: advice.text, source: advice.source_name };
  return reasonText({ code: 'advised-against', context });
}

export function causeText(cause: Reason): string {
  return coded('cause', cause.code, cause.context) ?? t('cause-unnamed', { code: cause.code });
}

/** An explanation tree as sentences, the deepest facts last, at most a dozen. */
export function explanationLines(explanation: Explanation | undefined): string[] {
  if (explanation === undefined) return [];
  const own = coded('explain', explanation.code, explanation.context);
  const lines = [...(own === undefined ? [] : [own]), ...(explanation.because ?? []).flatMap(explanationLines)];
  return [...new Set(lines)].slice(0, 12);
}
