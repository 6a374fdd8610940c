import type { Registry } from 'prom-client';
import type { Cell } from '../core/cell.ts';
import type { Clock } from '../core/clock.ts';
import type { Actor } from '../core/lane.ts';
import type { Log } from '../core/log.ts';
import type { Device } from '../device/device.ts';
import type { DeviceHost } from '../device/host.ts';
import type { LimitBook } from '../device/limits/book.ts';
import type { LimitWatch } from '../device/limits/watch.ts';
import type { Rig } from '../device/rig.ts';
import type { Shutter } from '../device/shutter.ts';
import type { DewKeeper } from '../engine/dew-keeper.ts';
import type { Examiner } from '../engine/examiner.ts';
import type { Stacker } from '../engine/stacker.ts';
import type { Stretch } from '../imaging/preview.ts';
import type { Catalogue } from '../indi/foreign/catalogue.ts';
import type { Program, ProgramSpec } from '../indi/foreign/programs.ts';
import type { SolveWorker } from '../solve/worker-client.ts';
import type { Ledger, Shelf } from '../storage/ledger.ts';
import type { ExposureRow } from '../storage/rows.ts';
import type { DriverKits as Kits } from '../system/drivers/kits.ts';
import type { UnitNetwork } from '../system/network/open.ts';
import type { Keeping } from '../system/time/arbiter.ts';
import type { FamilyView, GearChanges, GearSpec, GearView, Keeper } from './gear-view.ts';

/** Whoever holds the phone. */
export const phone: Actor = { name: 'phone', rank: 'person' };

export interface Previews {
  /** A stretched JPEG of the stored image. @param width pixels, 16…4096 */
  preview(row: ExposureRow, width: number, stretch: Stretch): Promise<Uint8Array>;
}

/** The running of a planned night. */
export interface Night {
  /** @throws BadInput for an unknown plan, Fault `busy` when one is running */
  start(plan: string): Promise<void>;
  stop(): Promise<void>;
}

export interface Timekeeper {
  /**
   * The time by the phone in the owner's hand. @param differenceMs how far it is ahead of our clock
   * @returns whether the phone is believed: a better source may have spoken already
   */
  offer(differenceMs: number): boolean;
  /** How exactly the clock is kept; absent: nobody measures it. */
  readonly keeping?: Cell<Keeping>;
}

/** The INDI driver executables and other INDI servers that bring devices. */
export interface ProgramShelf {
  readonly list: Cell<readonly Program[]>;
  catalogue(): Promise<Catalogue>;
  /** Starts it, now and with the appliance. @throws BadInput */
  add(spec: ProgramSpec): Promise<void>;
  /** @throws BadInput for an unknown id */
  remove(id: string): Promise<void>;
  restart(id: string): void;
}

/** Devices of Nightjar's own drivers: those of the bench file, and those that the owner adds and takes away here. */
export interface GearShelf {
  readonly list: readonly GearView[];
  keeperOf(id: string): Keeper | undefined;
  families(): Promise<readonly FamilyView[]>;
  /** Adds it now and for good. @throws BadInput, Fault `refused` for a place that is another's */
  add(spec: GearSpec): Promise<Device>;
  /** @throws BadInput, Fault `refused`, `busy` */
  change(id: string, changes: GearChanges): Promise<Device>;
  /** @throws BadInput for a device of the bench file */
  remove(id: string): Promise<void>;
}

/** Makers' drivers with closed parts. */
export type DriverKits = Pick<Kits, 'list' | 'fetch' | 'licence' | 'install' | 'remove' | 'give'>;

/** All that the web face stands on; chosen in `main.ts`. */
export interface Parts {
  readonly host: DeviceHost;
  readonly rig: Rig;
  readonly shutter: Shutter;
  readonly ledger: Pick<Ledger, 'get' | 'page' | 'pathOf'> & {
    readonly plans: Pick<Shelf, 'get' | 'set' | 'all'>;
  };
  readonly previews: Previews;
  /** Absent: this unit only keeps its images. */
  readonly examiner?: Pick<Examiner, 'stars' | 'solve' | 'watch'>;
  /** Absent: this unit cannot solve. */
  readonly solver?: Pick<SolveWorker, 'suffices'>;
  /** Absent: this unit cannot stack. */
  readonly stacker?: Pick<Stacker, 'state' | 'start' | 'stop' | 'discard' | 'preview' | 'write'>;
  readonly clock: Clock;
  readonly log: Log;
  /** `index.html`, `app.js`, `style.css`. */
  readonly webDirectory: string;
  readonly metrics: Registry;
  readonly version: string;
  /** What a plan must be. @throws BadInput; absent: any JSON object is kept */
  readonly parsePlan?: (plan: unknown) => unknown;
  readonly night?: Night;
  /** Absent: the phone's time is believed while it agrees with our clock. */
  readonly timekeeper?: Timekeeper;
  /** What is wrong with the unit itself, in words; absent: nobody looks. */
  readonly warnings?: Cell<readonly string[]>;
  /** Absent: the network of this unit is run by its operating system. */
  readonly network?: UnitNetwork;
  /** Absent: this unit runs its own drivers only. */
  readonly programs?: ProgramShelf;
  /** Absent: this unit's devices are those of its bench file. */
  readonly gear?: GearShelf;
  /** Absent: drivers are the system's alone. */
  readonly drivers?: DriverKits;
  /** What the owner has said about limits, and how the mounts stand to them. Absent: none are kept here. */
  readonly limits?: LimitBook;
  readonly watch?: Pick<LimitWatch, 'states'>;
  /** Absent: heaters are set by hand. */
  readonly dew?: Pick<DewKeeper, 'device' | 'options' | 'history' | 'setSensor' | 'setProbe'>;
}
