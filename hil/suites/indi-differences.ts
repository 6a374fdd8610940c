import type { Rule } from './indi-rule.ts';

/** docs/indi-differences.md: the rules in which indiserver does otherwise. */
export function differencesPage(rules: readonly Rule[]): string {
  const rows = rules.flatMap(({ name, differs }) => {
    if (!differs) return [];
    const whose = differs.hostedToo ? 'driver' : 'server';
    return [`| ${[name, differs.there, differs.here].map(cellText).join(' | ')} | ${whose} |`];
  });
  return `# Where indiserver does otherwise

Nightjar's INDI server follows protocol 1.7 as libindi writes it. \`make hil SUITE=indi\` asks it and Debian's indiserver
(1.9.9, with its simulators) the same ${rules.length} questions. In ${rows.length} they answer differently; the suite proves each of
these at indiserver, too, so that this list cannot grow old unseen. What a driver decides by itself ("driver") is the
same where Nightjar hosts that driver; all else holds there as well, which \`make hil-full SUITE=indi\` shows.

| Here | indiserver and its drivers | Why ours does not | Decided by |
|---|---|---|---|
${rows.join('\n')}
`;
}

const cellText = (text: string): string => text.replaceAll('|', '\\|');
