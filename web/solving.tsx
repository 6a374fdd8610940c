import { signal } from '@preact/signals';
import type { ExposureView, SolutionView } from '../src/api/exposure-view.ts';
import { shown } from './exposures.ts';
import { Fact } from './parts.tsx';
import { ask, complain, request, state } from './rig.ts';
import { decText, placeFacts, raText, sentence } from './words.ts';

/** The solve that this page has asked for last. */
const asked = signal<{ exposure: string; run: string } | undefined>(undefined);

/** Where the shown exposure points: asked for with one tap, answered in words. */
export function PlaceView() {
  const exposure = shown.value;
  if (exposure?.type !== 'light') return null;
  const { solution } = exposure;
  return (
    <details class="fold panel">
      <summary>
        Where it points <span class="hint">{solution && (solution.solved ? 'known' : 'not found')}</span>
      </summary>
      <div class="folded">
        {solution && <Answer solution={solution} />}
        <SolveButton exposure={exposure} />
        {solution?.solved && (
          <a class="key" href={`/api/v1/exposures/${exposure.id}/fits?wcs=true`} download>
            Download with its place
          </a>
        )}
      </div>
    </details>
  );
}

function SolveButton({ exposure }: { exposure: ExposureView }) {
  const { run, exposure: of } = asked.value ?? {};
  const solving = of === exposure.id && state.value.runs.some(({ id }) => id === run);
  const solve = async () => {
    try {
      const started = await request<{ run: string }>('POST', `exposures/${exposure.id}/solve`, {});
      asked.value = { exposure: exposure.id, run: started.run };
    } catch (error) {
      complain(error);
    }
  };
  if (solving) {
    return (
      <button type="button" class="wide" onClick={() => void ask(`runs/${run}`, {}, 'DELETE')}>
        Looking at the stars… Stop
      </button>
    );
  }
  return (
    <button type="button" class="wide" onClick={solve}>
      {exposure.solution ? 'Solve it again' : 'Find out by its stars'}
    </button>
  );
}

function Answer({ solution }: { solution: SolutionView }) {
  if (!solution.solved) return <p class="notice">{sentence(solution.message)}</p>;
  return (
    <>
      <div class="sky">
        <div>
          <span>right ascension</span>
          <b>{raText(solution.ra)}</b>
        </div>
        <div>
          <span>declination</span>
          <b>{decText(solution.dec)}</b>
        </div>
      </div>
      {placeFacts(solution).map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
    </>
  );
}
