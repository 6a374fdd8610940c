import type { StackView } from '../src/api/stack-view.ts';
import { stretch } from './exposures.ts';
import { Toggle } from './parts.tsx';
import { ask, state } from './rig.ts';
import { growthWords, pictureWords } from './stack-words.ts';
import { sentence } from './words.ts';

/** Of the latest refusals. */
const SHOWN_REFUSALS = 3;

/** The picture that grows with every light: switched on and off, told and shown. */
export function LiveStackView() {
  const { stack } = state.value;
  if (!stack) return null;
  const on = stack.state === 'on';
  return (
    <details class="fold panel">
      <summary>
        Live stack <span class="hint">{stack.state !== 'none' && growthWords(stack).join(' · ')}</span>
      </summary>
      <div class="folded">
        <Toggle
          label="Stack what comes"
          on={on}
          note={stack.frames === 0 || on ? 'each light is laid upon the others' : 'on begins a new one'}
          set={(wanted) => void ask(`stack/${wanted ? 'start' : 'stop'}`)}
        />
        {stack.state === 'lost' && <p class="notice">{sentence(stack.problem ?? 'it is lost')}</p>}
        {stack.frames > 0 && stack.state !== 'lost' && <Picture stack={stack} />}
        {on && stack.frames === 0 && <p class="hint">The next light begins it.</p>}
        <Refusals stack={stack} />
      </div>
    </details>
  );
}

function Picture({ stack }: { stack: StackView }) {
  const width = Math.min(2048, Math.round(innerWidth * devicePixelRatio));
  const query = `width=${width}&stretch=${stretch.value}&frames=${stack.frames}`;
  return (
    <figure class="stack">
      <img src={`/api/v1/stack/preview?${query}`} alt="the live stack" style={aspect(stack)} />
      <figcaption class="told">
        <span>{pictureWords(stack).join(' · ')}</span>
      </figcaption>
      <div class="pair">
        <a class="key" href="/api/v1/stack/fits" download>
          Download
        </a>
        <button type="button" onClick={() => void ask('stack', {}, 'DELETE')}>
          Give it up
        </button>
      </div>
    </figure>
  );
}

/** Its place is kept while the next one loads. */
const aspect = ({ width, height }: StackView) => ({ aspectRatio: `${width} / ${height}` });

function Refusals({ stack: { refusals } }: { stack: StackView }) {
  const { exposures } = state.value;
  const timeOf = (id: string): string | undefined => {
    const known = exposures.find((exposure) => exposure.id === id);
    return known && new Date(known.startUtc).toLocaleTimeString([], { hour12: false });
  };
  return (
    <>
      {refusals.slice(-SHOWN_REFUSALS).map(({ exposure, message }) => (
        <p class="hint" key={exposure}>
          {sentence(`${timeOf(exposure) ?? ''} refused: ${message}`.trim())}
        </p>
      ))}
    </>
  );
}
