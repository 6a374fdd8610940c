import type { Device } from '../device/device.ts';
import { Face, type FaceParts } from './face.ts';
import { NAME_LENGTH } from './message.ts';
import type { Router } from './router.ts';

/**
 * A face for each device of the host, under its label, as devices come and are renamed. Those of foreign programs have
 * none: they speak for themselves.
 */
export class Faces {
  readonly #faces = new Map<Device, Face>();
  readonly #parts: Omit<FaceParts, 'publish'>;
  readonly #router: Router;
  readonly #labels = new Map<Device, () => void>();
  readonly #end: () => void;

  constructor(parts: Omit<FaceParts, 'publish'>, router: Router) {
    this.#parts = parts;
    this.#router = router;
    const { devices } = parts.rig.host;
    this.#end = devices.watch((present) => this.#follow(present));
    this.#follow(devices.value);
  }

  close(): void {
    this.#end();
    for (const end of this.#labels.values()) end();
    for (const face of this.#faces.values()) face.close();
  }

  #follow(devices: readonly Device[]): void {
    for (const device of devices) {
      // A guide head shows itself in its camera.
      if (device.main || isForeign(device) || this.#labels.has(device)) continue;
      this.#labels.set(
        device,
        device.label.watch(() => this.#rename(device)),
      );
      this.#show(device);
    }
  }

  #show(device: Device): void {
    const publish = this.#router.publish.bind(this.#router);
    const face = new Face(device, this.#nameOf(device), { ...this.#parts, publish });
    this.#faces.set(device, face);
    this.#router.add(face);
    face.start();
  }

  #rename(device: Device): void {
    const face = this.#faces.get(device);
    if (face) {
      face.close();
      this.#router.remove(face);
    }
    this.#show(device);
  }

  /** Two devices of one label are told apart by their ids; a foreign one has its name from its program, whatever its label. */
  #nameOf(device: Device): string {
    const label = device.label.value.slice(0, NAME_LENGTH) || device.id;
    const others = [...this.#faces].filter(([other]) => other !== device).map(([, face]) => face.device);
    const foreign = this.#parts.rig.host.devices.value.filter(isForeign).map(({ driver }) => driver.label);
    if (![...others, ...foreign].includes(label)) return label;
    const id = ` (${device.id})`.slice(0, NAME_LENGTH);
    return label.slice(0, NAME_LENGTH - id.length) + id;
  }
}

const isForeign = ({ driver }: Device): boolean => driver.transport.kind === 'program';
