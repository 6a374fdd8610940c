import type { CapabilityName } from '../device/capabilities.ts';
import type { Setting, SettingValue } from '../device/settings.ts';

/** Where a device is, in the words of a bench file: `{ serial }`, `{ usb }`, `{ tcp }`, `{ http }`, `{ i2c }` … */
export type PlaceSpec = Readonly<Record<string, unknown>>;

/** A device of one of Nightjar's own drivers, as the owner wants it. */
export interface GearSpec {
  /** Absent: one is made of the label. */
  id?: string;
  label: string;
  /** Family name. */
  driver: string;
  port: PlaceSpec;
  settings?: Readonly<Record<string, SettingValue>>;
}

export interface GearChanges {
  label?: string;
  port?: PlaceSpec;
  settings?: Readonly<Record<string, SettingValue>>;
}

/** Who brings a device back at the next start: only what the owner has added here can be removed here. */
export type Keeper = 'owner' | 'bench';

export interface GearView {
  id: string;
  label: string;
  driver: string;
  /** Absent: it is emulated. */
  port?: PlaceSpec;
  settings: Readonly<Record<string, SettingValue>>;
  keptBy: Keeper;
  /** Why it could not be begun. */
  trouble?: string;
}

/** A place that is there now. */
export interface SeenPlace {
  place: PlaceSpec;
  /** For people: `FTDI FT232R USB UART A50285BI in socket 1-1.2`. */
  title: string;
  /** What is plugged in there is known to be, or to be the adapter of, this family. */
  likely: boolean;
  /** Who has it, by label. */
  user?: string;
}

/** What may be typed where nothing was seen. */
export type PlaceKind = 'serial' | 'tcp' | 'http' | 'i2c' | 'gpio' | 'w1';

/** A family of devices that Nightjar drives itself, and where one could be. */
export interface FamilyView {
  id: string;
  label: string;
  provides: readonly CapabilityName[];
  settings: Readonly<Record<string, Setting>>;
  places: readonly SeenPlace[];
  typed: readonly PlaceKind[];
}
