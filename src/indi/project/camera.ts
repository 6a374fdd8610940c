import type { Camera } from '../../device/camera.ts';
import type { Device } from '../../device/device.ts';
import { indi, MAIN } from '../actor.ts';
import type { FaceParts } from '../face.ts';
import { number, type Panel } from '../panel.ts';
import { type Chip, guideChip, mainChip } from './chip.ts';
import { projectCooling } from './cooling.ts';
import { projectExposure } from './exposure.ts';
import { projectFrame } from './frame.ts';
import { projectStream } from './stream.ts';
import { projectScope } from './telescope.ts';
import { projectUpload, type Upload } from './upload.ts';

const rw = { perm: 'rw' } as const;

/** INDI protocol 1.7, CCD. */
export function projectCamera(panel: Panel, device: Device, camera: Camera, parts: FaceParts): void {
  const upload = projectUpload(panel);
  const choices = projectFrame(panel, camera, mainChip);
  const image = projectExposure(panel, device, camera, parts, choices, mainChip, upload);
  projectSensor(panel, camera, mainChip);
  projectMosaic(panel, camera);
  projectCooling(panel, device, camera);
  projectControls(panel, device, camera);
  const guiding = parts.rig.host.inRole('guideCamera') === device;
  projectScope(panel, parts.rig, guiding ? 'guideTelescope' : 'telescope');
  if (camera.stream) projectStream(panel, device, camera.stream, camera.sensor, image);
  const guide = device.head.value?.capabilities.value.camera;
  if (guide && device.head.value) projectGuideHead(panel, device.head.value, guide, parts, upload);
}

/** The second chip of a camera: among INDI clients it is no device of its own. Its frames are never stored. */
function projectGuideHead(panel: Panel, head: Device, camera: Camera, parts: FaceParts, files: Upload): void {
  const choices = projectFrame(panel, camera, guideChip);
  const upload: Upload = {
    keep: 'memory',
    sends: true,
    get words() {
      return files.words;
    },
    stored() {},
  };
  projectExposure(panel, head, camera, parts, choices, guideChip, upload);
  projectSensor(panel, camera, guideChip);
}

function projectSensor(panel: Panel, { sensor }: Camera, { prefix, groups }: Chip): void {
  const { width, height, pixelMicrons, bitsPerPixel } = sensor;
  panel.numbers(
    `${prefix}_INFO`,
    'CCD Information',
    groups.info,
    {
      CCD_MAX_X: number('Max. Width', '%.f'),
      CCD_MAX_Y: number('Max. Height', '%.f'),
      CCD_PIXEL_SIZE: number('Pixel size (um)', '%.2f'),
      CCD_PIXEL_SIZE_X: number('Pixel size X', '%.2f'),
      CCD_PIXEL_SIZE_Y: number('Pixel size Y', '%.2f'),
      CCD_BITSPERPIXEL: number('Bits per pixel', '%.f'),
    },
    {
      CCD_MAX_X: width,
      CCD_MAX_Y: height,
      CCD_PIXEL_SIZE: pixelMicrons.x,
      CCD_PIXEL_SIZE_X: pixelMicrons.x,
      CCD_PIXEL_SIZE_Y: pixelMicrons.y,
      CCD_BITSPERPIXEL: bitsPerPixel,
    },
  );
}

function projectMosaic(panel: Panel, { sensor: { bayer } }: Camera): void {
  if (!bayer) return;
  const words = { CFA_OFFSET_X: 'X Offset', CFA_OFFSET_Y: 'Y Offset', CFA_TYPE: 'Filter' };
  const values = { CFA_OFFSET_X: '0', CFA_OFFSET_Y: '0', CFA_TYPE: bayer };
  panel.texts('CCD_CFA', 'Bayer Info', 'Image Info', words, values);
}

/** Clients find gain and offset by these names, in any number vector. */
function projectControls(panel: Panel, device: Device, camera: Camera): void {
  const { gain, offset, readout } = camera;
  for (const [name, control, label] of [
    ['gain', gain, 'Gain'],
    ['offset', offset, 'Offset'],
  ] as const) {
    if (!control) continue;
    const element = name.toUpperCase();
    const range = number(label, '%.f', control.min, control.max, 1);
    const now = () => ({ [element]: control.value.value });
    const property = panel.numbers(`CCD_${element}`, label, MAIN, { [element]: range }, now(), rw);
    panel.watch([control.value], () => property.show(now(), 'Ok'));
    property.onWrite((values) => {
      const value = values[element] ?? control.min;
      panel.command(property, [], () => device.operate(indi, 'camera', name, { value }));
    });
  }
  if (!readout?.names) return;
  const { names, value, min } = readout;
  const words = Object.fromEntries(names.map((label, index) => [`MODE_${index}`, label]));
  const now = () =>
    Object.fromEntries(names.map((_, index) => [`MODE_${index}`, index === value.value - min]));
  const property = panel.switches('CCD_READ_MODE', 'Read Mode', MAIN, words, undefined, rw);
  panel.watch([value], () => property.show(now(), 'Ok'));
  property.onWrite((values) => {
    const index = names.findIndex((_, at) => values[`MODE_${at}`]);
    panel.command(property, [], () => device.operate(indi, 'camera', 'readout', { value: min + index }));
  });
}
