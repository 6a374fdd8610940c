import { chosen, type Stretch, sharpnessOf, shown, stretch } from './exposures.ts';
import { Choice } from './parts.tsx';
import { state } from './rig.ts';
import { lengthText, sharpnessWords } from './words.ts';

const stretches: { value: Stretch; name: string }[] = [
  { value: 'auto', name: 'grey sky' },
  { value: 'linked', name: 'own colours' },
  { value: 'none', name: 'unstretched' },
];

/** The pictures of this night and how they are shown. */
export function AlbumView() {
  const { exposures } = state.value;
  if (exposures.length === 0) return null;
  return (
    <details class="fold panel">
      <summary>
        Pictures <span class="hint">{exposures.length}</span>
      </summary>
      <div class="folded">
        <Choice
          label="stretch"
          options={stretches}
          value={stretch.value}
          choose={(value) => {
            stretch.value = value;
          }}
        />
        <ul class="targets">
          {exposures.map((exposure) => (
            <li key={exposure.id}>
              <button
                type="button"
                class="entry"
                aria-pressed={exposure === shown.value}
                onClick={() => {
                  chosen.value = exposure === exposures[0] ? undefined : exposure.id;
                }}
              >
                {[
                  new Date(exposure.startUtc).toLocaleTimeString([], { hour12: false }),
                  exposure.object ?? exposure.type,
                  lengthText(exposure.seconds),
                  exposure.filter,
                ]
                  .filter(Boolean)
                  .join(' · ')}
                <span>{sharpnessWords(sharpnessOf(exposure)).join(' · ')}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
