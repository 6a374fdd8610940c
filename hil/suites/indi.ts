import { asError } from '../../src/core/errors.ts';
import { blobs } from './indi-blobs.ts';
import { commands } from './indi-commands.ts';
import { crowd } from './indi-crowd.ts';
import { contents } from './indi-images.ts';
import { interest } from './indi-interest.ts';
import { life } from './indi-life.ts';
import { loss } from './indi-loss.ts';
import { numbers } from './indi-numbers.ts';
import { type Peer, prepare } from './indi-peers.ts';
import { reading } from './indi-reading.ts';
import { refusals } from './indi-refusals.ts';
import { relay } from './indi-relay.ts';
import type { Rule } from './indi-rule.ts';
import { saying } from './indi-saying.ts';
import { type IndiServer, simulators, startHost, startIndiServer, startOurs } from './indi-servers.ts';
import type { Case, Form, Suite } from './suite.ts';
import { present } from './tools.ts';

/** What any server can be asked. */
const served: readonly Rule[] = [
  ...reading,
  ...saying,
  ...commands,
  ...refusals,
  ...numbers,
  ...interest,
  ...blobs,
  ...contents,
  ...crowd,
  ...life,
];

/** Those of loss and relay bring servers of their own. */
export const rules: readonly Rule[] = [...served, ...loss, ...relay];

const NEEDED = ['indiserver', ...Object.values(simulators)];

interface Pair {
  ours: Peer;
  theirs: IndiServer | undefined;
}

/** The INDI protocol rule by rule, at our server and at Debian's indiserver: the same code asks both. */
export const indi: Suite = {
  name: 'indi',
  cases(form) {
    const missing = NEEDED.filter((program) => !present(program));
    let pair: Promise<Pair> | undefined;
    const both = () => {
      pair ??= startBoth(missing.length === 0);
      return pair;
    };
    const judged = rules.map(
      (rule): Case => ({ name: rule.name, run: async () => judge(rule, await both(), form) }),
    );
    return [
      {
        name: 'indiserver is judged beside ours',
        run: async () => (missing.length > 0 ? `${missing.join(', ')}: not installed (indi-bin)` : undefined),
      },
      ...judged,
      ...(form === 'full' && missing.length === 0 ? hosted(form) : []),
      {
        name: 'both end as they should',
        async run() {
          const { ours, theirs } = await both();
          await Promise.all([ours.close(), theirs?.close()]);
          if (theirs) tellDifferences();
          return undefined;
        },
      },
    ];
  },
};

/** The same of our server with those simulators as its programs; but for what such a driver decides by itself. */
function hosted(form: Form): Case[] {
  let host: Promise<Peer> | undefined;
  const start = async () => {
    const peer = await startHost();
    await prepare(peer);
    return peer;
  };
  const asked = served.filter(({ differs }) => !differs?.hostedToo);
  const cases = asked.map(({ name, holds }): Case => {
    const run = async () => {
      host ??= start();
      const peer = await host;
      await within(peer, () => holds(peer, form));
      return undefined;
    };
    return { name: `hosted: ${name}`, run };
  });
  const end = async () => {
    await (await host)?.close();
    return undefined;
  };
  return [...cases, { name: 'hosted: it ends as it should', run: end }];
}

async function startBoth(withTheirs: boolean): Promise<Pair> {
  const [ours, theirs] = await Promise.all([startOurs(), withTheirs ? startIndiServer() : undefined]);
  if (theirs) await prepare(theirs);
  return { ours, theirs };
}

/** @throws Error naming the server, or both, where it does not hold */
async function judge(rule: Rule, { ours, theirs }: Pair, form: Form): Promise<string | undefined> {
  if (rule.simulators && !theirs) return "it needs INDI's simulators (indi-bin)";
  const verdicts = await Promise.allSettled([
    within(ours, () => rule.holds(ours, form)),
    theirs && within(theirs, () => (rule.differs ? rule.differs.proof(theirs) : rule.holds(theirs, form))),
  ]);
  const failures = verdicts.flatMap((verdict) =>
    verdict.status === 'rejected' ? [asError(verdict.reason)] : [],
  );
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1)
    throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
  return undefined;
}

async function within(peer: Peer, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (thrown) {
    const { message, stack } = asError(thrown);
    const error = new Error(`${peer.name}: ${message}`);
    error.stack = `${peer.name}: ${stack}`;
    throw error;
  } finally {
    peer.hangUp();
  }
}

function tellDifferences(): void {
  const told = rules.flatMap(({ name, differs }) =>
    differs ? [`     ${name}\n       indiserver: ${differs.there}`] : [],
  );
  console.log(
    `     indiserver does otherwise, as it was just seen to do, in ${told.length} rules:\n${told.join('\n')}`,
  );
}
