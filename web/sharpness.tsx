import type { Analysis, ExposureView } from '../src/api/exposure-view.ts';
import { chosen, history, sharpnessOf, shown } from './exposures.ts';
import { plotted } from './plot.ts';
import { figure, skyWords } from './words.ts';

const [WIDTH, HEIGHT] = [340, 96];
/** Fewer stars in a part of the image say nothing of it: two of them that touch look like a soft corner. */
const FEW = 3;

/** How sharp the exposures are: one after the other, and over the field of the one that is shown. */
export function SharpnessView() {
  const exposure = shown.value;
  if (exposure?.type !== 'light') return null;
  const sharpness = sharpnessOf(exposure);
  const { analysis } = exposure;
  return (
    <details class="fold panel">
      <summary>
        Sharpness{' '}
        <span class="hint">{sharpness?.hfr !== undefined && `HFR ${figure(sharpness.hfr, 2)}`}</span>
      </summary>
      <div class="folded">
        {!analysis && <p class="hint">Its stars are being looked at.</p>}
        {analysis && 'problem' in analysis && <p class="notice">{analysis.problem}</p>}
        {sharpness && <p class="hint">{skyWords(sharpness).join(' · ')}</p>}
        {history.value.length > 1 && <History exposures={history.value} now={exposure.id} />}
        {sharpness && <Corners sharpness={sharpness} />}
      </div>
    </details>
  );
}

/** HFR of the night's exposures, earliest left; a touch shows the nearest one. */
function History({ exposures, now }: { exposures: readonly ExposureView[]; now: string }) {
  const values = exposures.map((exposure) => sharpnessOf(exposure)?.hfr ?? 0);
  const { points, low, high } = plotted(values, WIDTH, HEIGHT);
  const choose = (event: PointerEvent & { currentTarget: Element }) => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const along = ((event.clientX - left) / width) * (exposures.length - 1);
    chosen.value = exposures[Math.min(exposures.length - 1, Math.max(0, Math.round(along)))]?.id;
  };
  return (
    <figure class="plot">
      <svg
        viewBox={`-6 -6 ${WIDTH + 12} ${HEIGHT + 12}`}
        role="img"
        aria-label="half-flux radius of the night"
        onPointerDown={choose}
        onPointerMove={choose}
      >
        <path d={`M${points.map(({ x, y }) => `${x} ${y}`).join('L')}`} />
        {points.map(({ x, y }, index) => (
          <circle
            key={exposures[index]?.id}
            class={exposures[index]?.id === now ? 'point now' : 'point'}
            cx={x}
            cy={y}
            r={exposures[index]?.id === now ? 5 : 2.5}
          />
        ))}
      </svg>
      <figcaption class="told">
        <span>
          HFR {figure(low, 2)} to {figure(high, 2)} px
        </span>
        <span>{exposures.length} exposures</span>
      </figcaption>
    </figure>
  );
}

/** Thirds of the image: a tilted sensor is softer on one side, a wrong spacing in all corners. */
function Corners({ sharpness: { ninths, tilt } }: { sharpness: Analysis }) {
  const sure = ninths.filter(({ stars }) => stars >= FEW);
  const best = Math.min(...sure.map(({ hfr }) => hfr ?? Number.POSITIVE_INFINITY));
  if (ninths.every(({ hfr }) => hfr === undefined)) return null;
  const drawn = ninths.some(({ elongationDegrees }) => elongationDegrees !== undefined);
  return (
    <figure aria-label="sharpness over the field">
      <div class="ninths">
        {ninths.map(({ stars, hfr, eccentricity, elongationDegrees }, index) => (
          <span
            key={String(index)}
            class={stars < FEW ? 'ninth unsure' : 'ninth'}
            style={{ '--soft': hfr === undefined || stars < FEW ? 0 : Math.min(1, (hfr / best - 1) * 2) }}
          >
            {hfr === undefined ? '–' : figure(hfr, 2)}
            {eccentricity !== undefined && elongationDegrees !== undefined && (
              <i style={{ width: `${8 + 40 * eccentricity}px`, rotate: `${elongationDegrees}deg` }} />
            )}
          </span>
        ))}
      </div>
      <figcaption class="told">
        <span>HFR by thirds{drawn && '; bars: how stars are drawn out'}</span>
        {tilt !== undefined && <span>corners differ by {Math.round(100 * tilt)} %</span>}
      </figcaption>
    </figure>
  );
}
