import { computed, effect, signal } from '@preact/signals';
import type { Analysis, ExposureView } from '../src/api/exposure-view.ts';
import { arrivals, complain, request, state } from './rig.ts';
import { withExposures } from './rig-state.ts';

/** Id of the exposure that somebody has chosen to look at; undefined: the latest, whichever that is. */
export const chosen = signal<string | undefined>(undefined);
export const shown = computed(
  () => state.value.exposures.find(({ id }) => id === chosen.value) ?? state.value.exposures[0],
);
export const isLatest = computed(() => shown.value === state.value.exposures[0]);

export type Stretch = 'auto' | 'linked' | 'none';
export const stretch = signal<Stretch>('auto');

/** What its stars say; undefined: not yet, never, or that it could not be said. */
export const sharpnessOf = ({ analysis }: ExposureView): Analysis | undefined =>
  analysis && 'stars' in analysis ? analysis : undefined;

/** Those of the latest night that have a sharpness, earliest first. */
export const history = computed(() => {
  const { exposures } = state.value;
  return exposures
    .filter((exposure) => exposure.night === exposures[0]?.night && sharpnessOf(exposure)?.hfr !== undefined)
    .reverse();
});

/** Asks for what was taken before this page was opened, or while it was away. */
export function keepAlbum(): void {
  effect(() => {
    if (arrivals.value > 0) loadExposures().catch(complain);
  });
}

async function loadExposures(): Promise<void> {
  const { exposures } = await request<{ exposures: ExposureView[] }>('GET', 'exposures?limit=60');
  state.value = { ...state.value, exposures: withExposures(exposures, state.value.exposures) };
}
