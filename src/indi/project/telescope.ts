import type { Rig, RigFacts } from '../../device/rig.ts';
import { OPTIONS } from '../actor.ts';
import { number, type Panel } from '../panel.ts';
import type { Origin } from '../property.ts';

const millimetres = (label: string) => number(label, '%g', 0, 10_000);

/** TELESCOPE_INFO (legacy): the owner's words about both telescopes. Clients fill in what the owner left out. */
export function projectTelescope(panel: Panel, rig: Rig): void {
  const now = () => {
    const { telescope, guideTelescope } = rig.facts.value;
    return {
      TELESCOPE_APERTURE: telescope?.apertureMm ?? 0,
      TELESCOPE_FOCAL_LENGTH: telescope?.focalLengthMm ?? 0,
      GUIDER_APERTURE: guideTelescope?.apertureMm ?? 0,
      GUIDER_FOCAL_LENGTH: guideTelescope?.focalLengthMm ?? 0,
    };
  };
  const elements = {
    TELESCOPE_APERTURE: millimetres('Aperture (mm)'),
    TELESCOPE_FOCAL_LENGTH: millimetres('Focal Length (mm)'),
    GUIDER_APERTURE: millimetres('Guider Aperture (mm)'),
    GUIDER_FOCAL_LENGTH: millimetres('Guider Focal Length (mm)'),
  };
  const info = panel.numbers('TELESCOPE_INFO', 'Scope Properties', OPTIONS, elements, now(), { perm: 'rw' });
  panel.watch([rig.facts], () => info.show(now(), 'Ok'));
  info.onWrite((values, _, origin) => {
    const kept = [
      fillIn(rig, 'telescope', values.TELESCOPE_FOCAL_LENGTH, values.TELESCOPE_APERTURE),
      fillIn(rig, 'guideTelescope', values.GUIDER_FOCAL_LENGTH, values.GUIDER_APERTURE),
    ];
    if (kept.includes('kept')) remind(origin, panel.device);
  });
}

/** SCOPE_INFO of a camera: the telescope it looks through. */
export function projectScope(panel: Panel, rig: Rig, which: 'telescope' | 'guideTelescope'): void {
  const now = () => ({
    FOCAL_LENGTH: rig.facts.value[which]?.focalLengthMm ?? 0,
    APERTURE: rig.facts.value[which]?.apertureMm ?? 0,
  });
  const elements = { FOCAL_LENGTH: millimetres('Focal Length (mm)'), APERTURE: millimetres('Aperture (mm)') };
  const scope = panel.numbers('SCOPE_INFO', 'Scope', OPTIONS, elements, now(), { perm: 'rw' });
  panel.watch([rig.facts], () => scope.show(now(), 'Ok'));
  scope.onWrite(({ FOCAL_LENGTH, APERTURE }, _, origin) => {
    if (fillIn(rig, which, FOCAL_LENGTH, APERTURE) === 'kept') remind(origin, panel.device);
  });
}

const OWNERS_WORD = 'the telescope stays as its owner described it: change it on the page';

/** Ekos says it for every camera, several times at each connect: one answer a client is enough. */
const reminded = new WeakSet<Origin>();

function remind(origin: Origin, device: string): void {
  if (reminded.has(origin)) return;
  reminded.add(origin);
  origin.tell(OWNERS_WORD, device);
}

function fillIn(
  rig: Rig,
  which: 'telescope' | 'guideTelescope',
  focalLengthMm: number,
  apertureMm: number,
): 'taken' | 'same' | 'kept' {
  const known = rig.facts.value[which];
  if (known)
    return known.focalLengthMm === focalLengthMm && known.apertureMm === apertureMm ? 'same' : 'kept';
  if (focalLengthMm === 0 && apertureMm === 0) return 'same';
  const telescope = { name: '', focalLengthMm, apertureMm };
  const facts: Partial<RigFacts> = { [which]: telescope };
  rig.describe(facts);
  return 'taken';
}
