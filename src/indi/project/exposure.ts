import { randomUUID } from 'node:crypto';
import type { Camera } from '../../device/camera.ts';
import type { Device } from '../../device/device.ts';
import type { Shot } from '../../device/shutter.ts';
import { indi } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import { number, type Panel } from '../panel.ts';
import type { Property } from '../property.ts';
import type { Chip } from './chip.ts';
import type { Choices } from './frame.ts';
import { projectButton } from './switches.ts';
import type { Upload } from './upload.ts';

interface Exposing {
  id: string;
  seconds: number;
  /** Monotonic milliseconds; undefined until the shutter is open. */
  openedAt?: number;
}

/**
 * CCD_EXPOSURE with its count-down, CCD_ABORT_EXPOSURE and the image itself as CCD1; of a guide head GUIDER_EXPOSURE,
 * GUIDER_ABORT_EXPOSURE and CCD2.
 * @param device of the chip: a guide head is one of its own
 * @returns the image's property
 */
export function projectExposure(
  panel: Panel,
  device: Device,
  camera: Camera,
  { shutter, clock }: FaceParts,
  choices: Choices,
  { prefix, blob, lane, groups }: Chip,
  upload: Upload,
): Property<'blob', string> {
  let current: Exposing | undefined;
  const { min, max } = camera.exposureSeconds;
  const element = `${prefix}_EXPOSURE_VALUE`;
  const left = (seconds: number) => ({ [element]: seconds });
  const duration = { [element]: number('Duration (s)', '%5.6f', min, max, 1) };
  const exposure = panel.numbers<string>(`${prefix}_EXPOSURE`, 'Expose', groups.main, duration, left(0), {
    perm: 'rw',
  });
  const image = panel.blob<string>(blob, 'Image Data', groups.info);

  exposure.onWrite(({ [element]: seconds = 0 }) => {
    const own: Exposing = { id: randomUUID(), seconds };
    const { type, binning, region } = choices;
    const order = { id: own.id, seconds, type, binning, region, ...upload.words };
    // Refused and busy are thrown here, before what is in progress is touched.
    const shooting = shutter.shoot(device, indi, order, upload.keep);
    current = own;
    exposure.keep(left(seconds));
    shooting.outcome.then(
      ({ path }) => path !== undefined && upload.stored(path),
      // What went wrong is told by the exposure itself.
      () => upload.stored(undefined),
    );
    panel.command(
      exposure,
      [lane],
      () => shooting,
      () => {
        current = undefined;
        exposure.show(left(0), 'Ok');
      },
    );
  });
  panel.watch([camera.state], () => {
    if (current && camera.state.value === 'exposing') current.openedAt ??= clock.monotonic();
  });
  panel.everySecond(() => {
    if (!current) return;
    const { openedAt, seconds } = current;
    const elapsed = openedAt === undefined ? 0 : (clock.monotonic() - openedAt) / 1000;
    exposure.show(left(Math.max(0, Math.round((seconds - elapsed) * 1000) / 1000)));
  });

  // The image goes out while it is being written to the disk, not after.
  panel.watch([shutter.last], () => {
    const shot = shutter.last.value[device.id];
    if (shot && shot.facts.id === current?.id && upload.sends)
      image.pass({ [blob]: blobOf(shot) }, shot.hold);
  });

  projectButton(
    panel,
    [`${prefix}_ABORT_EXPOSURE`, 'Expose Abort', groups.main],
    'ABORT',
    'Abort',
    (abort) => {
      current = undefined;
      exposure.settle(left(0), 'Idle');
      panel.command(abort, [], () => device.operate(indi, 'camera', 'abort', {}));
    },
  );
  return image;
}

const blobOf = ({ file }: Shot) => ({ format: '.fits', size: file.length, bytes: file });
