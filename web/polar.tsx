import { effect, signal } from '@preact/signals';
import type { PolarView } from '../src/api/polar.ts';
import { complain, request, state } from './rig.ts';
import { sentence } from './words.ts';

const SIGHTINGS = 3;

/** Ids of the solved lights by which the axis was measured, earliest first; since then each new one is followed. */
const measured = signal<readonly string[]>([]);
const followed = signal('');
const answer = signal<PolarView | undefined>(undefined);

const solvedLights = () => state.value.exposures.filter(({ solution }) => solution?.solved);

/** The mount's axis, by three solved pictures between which only right ascension was turned. */
export function PolarCard() {
  const solved = solvedLights();
  const enough = solved.length >= SIGHTINGS;
  return (
    <details class="fold panel">
      <summary>
        Polar alignment{' '}
        <span class="hint">{answer.value?.found && `${answer.value.totalArcmin.toFixed(1)}′ off`}</span>
      </summary>
      <div class="folded">
        {answer.value?.found && (
          <>
            <p class="notice plain">{sentence(answer.value.correction)}</p>
            <p class="hint">{sentence(answer.value.words.split(':')[0] ?? '')}</p>
          </>
        )}
        {answer.value && !answer.value.found && <p class="notice">{sentence(answer.value.message)}</p>}
        <button type="button" class="wide" disabled={!enough} onClick={measure}>
          {enough ? 'Measure by the last three' : `${solved.length} of 3 pictures solved`}
        </button>
        <p class="hint">
          {measured.value.length > 0
            ? 'Turn the screws, take a picture and solve it: what is left is told.'
            : 'Take and solve three pictures; between them turn by 20° or more with the keys E and W: Go to would move declination too.'}
        </p>
      </div>
    </details>
  );
}

const sightings = () => measured.value.map((exposure) => ({ exposure }));

async function measure(): Promise<void> {
  const latest = solvedLights().slice(0, SIGHTINGS);
  measured.value = latest.map(({ id }) => id).reverse();
  followed.value = latest[0]?.id ?? '';
  await tell('polar/measure', { sightings: sightings() });
}

async function tell(path: string, body: object): Promise<void> {
  try {
    answer.value = await request<PolarView>('POST', path, body);
  } catch (error) {
    complain(error);
  }
}

/** While the page lives: every picture that is solved after a measurement says what the screws have done. */
export function followScrews(): void {
  effect(() => {
    const latest = solvedLights()[0]?.id;
    if (!latest || measured.value.length === 0 || latest === followed.peek()) return;
    followed.value = latest;
    if (measured.value.includes(latest)) return;
    void tell('polar/follow', { sightings: sightings(), now: { exposure: latest } });
  });
}
