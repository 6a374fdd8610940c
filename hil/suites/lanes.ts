import assert from 'node:assert/strict';
import { type Actor, type Lease, ranks } from '../../src/core/lane.ts';
import type { Run } from '../../src/core/run.ts';
import { ask, inScratch } from './appliance.ts';
import {
  type Actuator,
  holding,
  type LanesRig,
  night,
  startLanesRig,
  until,
  type Voice,
} from './lanes-rig.ts';
import type { Suite } from './suite.ts';

/** How far a motion has got when the next one asks. */
const UNDER_WAY_MS = 150;
/** A mount comes to rest before it obeys the next. */
const REST_MS = 10_000;

type Outcome = 'superseded' | 'own superseded' | 'busy';

/** The table of the lanes: a later rank takes over, oneself may change one's mind, everybody else waits. */
function outcomeOf(holder: Actor, asker: Actor): Outcome {
  if (holder.name === asker.name) return 'own superseded';
  return ranks.indexOf(asker.rank) > ranks.indexOf(holder.rank) ? 'superseded' : 'busy';
}

/**
 * Two connections of one client, the phone, a running night and the limits contend for mount, camera and focuser, over
 * real sockets: every ordered pair of them, on all three at once; and each of them stops each of the others.
 */
export const lanes: Suite = {
  name: 'lanes',
  cases: () => [
    {
      name: 'holder × asker: superseded, own superseded or busy, as the ranks say; everyone stops everyone',
      run: async () => void (await inScratch('lanes', contend)),
    },
    {
      name: 'a running plan: clients wait, everyone may stop it, and it pauses for the phone',
      run: async () => void (await inScratch('plan', interruptPlan)),
    },
  ],
};

async function contend(directory: string): Promise<void> {
  const rig = await startLanesRig(directory);
  try {
    const stopped = new Stops(rig);
    const table: string[] = [];
    for (const holder of rig.voices) {
      const row = await Promise.all(
        rig.actuators.map(async (actuator) => {
          const words: string[] = [];
          for (const asker of rig.voices) words.push(await meet(holder, asker, actuator, stopped));
          await stopped.rest(holder, actuator);
          return words.join(', ');
        }),
      );
      assert.equal(
        new Set(row).size,
        1,
        `${holder.label}: mount, camera and focuser differ: ${row.join(' | ')}`,
      );
      table.push(`     ${holder.label.padEnd(8)} ← ${row[0]}`);
    }
    const leased = await Promise.all(rig.actuators.map((actuator) => contendForLease(rig.voices, actuator)));
    table.push(`     leased   ← ${leased[0]}`);
    console.log(table.join('\n'));
    assert.equal(stopped.count, rig.voices.length ** 2 * rig.actuators.length);
  } finally {
    await rig.close();
  }
}

/** The same with a plan of the sequencer's in the night's place. */
async function interruptPlan(directory: string): Promise<void> {
  const rig = await startLanesRig(directory);
  try {
    const { actuators, voices, url } = rig;
    const [client, , phone] = voices as [Voice, Voice, Voice];
    const [mount] = actuators as [Actuator];
    const plan = {
      id: 'up',
      target: { name: 'up', ...mount.args() },
      sets: [{ id: 'l', filter: 'L', seconds: 60, count: 9 }],
    };
    await fetch(`${url}/api/v1/plans/up`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(plan),
    });
    await ask(`${url}/api/v1/night/start`, { plan: 'up' });
    await until(() => holding(mount)?.name === 'mount mount.slewTo', 'the plan slews', REST_MS);
    for (const actuator of actuators) {
      const answer = await client.begin(actuator);
      assert.match(String(answer), /^busy: (night|\w+ \w+\.\w+)$/, `${actuator.name} during a plan`);
    }
    const slew = holding(mount) as Run;
    const taken = await phone.begin(mount);
    assert.ok(typeof taken === 'object', `the phone is refused: ${taken}`);
    const running = () => rig.runs.list().find(({ run }) => run.name === 'night up')?.run;
    await until(
      () => running()?.progress.value.steps.includes('paused: a person has taken over') ?? false,
      'the plan pauses',
      REST_MS,
    );
    assert.equal(slew.ending.value?.state, 'stopped');
    await client.stop(mount);
    await untilFree(mount);
    await ask(`${url}/api/v1/night/stop`, {});
    assert.equal(running()?.ending.value?.state, 'stopped');
  } finally {
    await rig.close();
  }
}

/** The holder has the actuator, the asker wants it; then somebody stops whoever has it. */
async function meet(holder: Voice, asker: Voice, actuator: Actuator, stops: Stops): Promise<Outcome> {
  const name = `${actuator.name}: ${holder.label} has it, ${asker.label} asks`;
  const wanted = outcomeOf(holder.actor, asker.actor);
  const first = await begun(holder, actuator);
  const answer = await asker.begin(actuator);
  if (wanted === 'busy') {
    assert.equal(answer, `busy: ${first.name}`, name);
    assert.equal(holding(actuator), first, `${name}: it was disturbed`);
    assert.equal(first.ending.value, undefined, name);
  } else {
    assert.ok(typeof answer === 'object', `${name}: refused: ${answer}`);
    await until(() => first.ending.value !== undefined, `${name}: the first ends`, REST_MS);
    const { value: ending } = first.ending;
    assert.ok(ending?.state === 'stopped' && ending.reason === 'superseded', `${name}: ${ending?.state}`);
    assert.match(ending.message, new RegExp(`by ${asker.actor.name}`), name);
    assert.equal(holding(actuator), answer, name);
  }
  await stops.next(wanted === 'busy' ? holder : asker, actuator);
  return wanted;
}

async function begun(voice: Voice, actuator: Actuator): Promise<Run> {
  const run = await voice.begin(actuator);
  assert.ok(typeof run === 'object', `${actuator.name} is not free for ${voice.label}: ${run}`);
  // Under way, not only asked for: what is stopped at once has nothing to clean up.
  await run.sleep(UNDER_WAY_MS);
  assert.equal(run.ending.value, undefined, `${actuator.name}: ${JSON.stringify(run.ending.value)}`);
  return run;
}

/** Between its steps a night holds its roles by a lease alone. */
async function contendForLease(voices: readonly Voice[], actuator: Actuator): Promise<string> {
  const outcomes: string[] = [];
  for (const asker of voices) {
    const leases: Lease[] = actuator.device.lease(night, actuator.name);
    const wanted = outcomeOf(night, asker.actor);
    const answer = await asker.begin(actuator);
    const lost = leases.every(({ lost }) => lost.aborted);
    if (wanted === 'busy')
      assert.equal(answer, 'busy: night', `${actuator.name}: leased, ${asker.label} asks`);
    else assert.ok(typeof answer === 'object', `${actuator.name}: ${asker.label} is refused: ${answer}`);
    assert.equal(lost, wanted === 'superseded', `${actuator.name}: ${asker.label}: lease lost: ${lost}`);
    // A stop passes while nothing moves, too.
    await asker.stop(actuator);
    await untilFree(actuator);
    for (const lease of leases) lease.release();
    outcomes.push(wanted);
  }
  return outcomes.join(', ');
}

/** Sees to it that in the end everyone has stopped everyone. */
class Stops {
  readonly #voices: readonly Voice[];
  readonly #done = new Set<string>();

  constructor({ voices }: LanesRig) {
    this.#voices = voices;
  }

  get count(): number {
    return this.#done.size;
  }

  /** Somebody who has not yet done so stops the one who holds it. */
  async next(holder: Voice, actuator: Actuator): Promise<void> {
    const run = holding(actuator) as Run;
    const stopper = this.#left(holder, actuator)[0] ?? holder;
    const name = `${actuator.name}: ${stopper.label} stops ${holder.label}`;
    await stopper.stop(actuator);
    await until(() => run.ending.value !== undefined, name, REST_MS);
    const { value: ending } = run.ending;
    assert.ok(ending?.state === 'stopped' && ending.reason === 'user', `${name}: ${JSON.stringify(ending)}`);
    this.#done.add(`${actuator.name} ${holder.label} ${stopper.label}`);
    await untilFree(actuator);
  }

  /** What the meetings have left over. */
  async rest(holder: Voice, actuator: Actuator): Promise<void> {
    while (this.#left(holder, actuator).length > 0) {
      await begun(holder, actuator);
      await this.next(holder, actuator);
    }
  }

  #left(holder: Voice, actuator: Actuator): Voice[] {
    return this.#voices.filter(({ label }) => !this.#done.has(`${actuator.name} ${holder.label} ${label}`));
  }
}

/** Whoever stops is a Run of its own, and over a socket nobody waits for it. */
const untilFree = (actuator: Actuator) =>
  until(
    () => holding(actuator) === undefined && actuator.device.runs.value.length === 0,
    `${actuator.name} is at rest`,
    REST_MS,
  );
