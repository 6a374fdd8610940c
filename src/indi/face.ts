import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Device } from '../device/device.ts';
import type { Rig } from '../device/rig.ts';
import type { Shutter } from '../device/shutter.ts';
import type { DefVector, Message, NewVector } from './message.ts';
import { Panel, sameShape } from './panel.ts';
import { projectCamera } from './project/camera.ts';
import { projectConnection } from './project/connection.ts';
import { projectCover } from './project/cover.ts';
import { projectDebug } from './project/debug.ts';
import { projectDew } from './project/dew.ts';
import { projectDome } from './project/dome.ts';
import { projectFocuser } from './project/focuser.ts';
import { projectGps } from './project/gps.ts';
import { projectGuide } from './project/guide.ts';
import { projectLight } from './project/light.ts';
import { projectLines } from './project/lines.ts';
import { projectMount } from './project/mount.ts';
import { projectPower } from './project/power.ts';
import { projectRotator } from './project/rotator.ts';
import { projectSettings } from './project/settings.ts';
import { projectWeather } from './project/weather.ts';
import { projectWheel } from './project/wheel.ts';
import type { AnyProperty, Origin } from './property.ts';
import type { Owner } from './router.ts';

export interface FaceParts {
  rig: Rig;
  shutter: Shutter;
  clock: Clock;
  log: Log;
  publish(message: Message, hold?: () => () => void): void;
}

/**
 * One device as INDI sees it: a general panel for as long as the device is known, and a body of properties from the
 * first connect to an explicit disconnect. A device that is lost keeps its body, in Alert (drivers that delete it
 * break every client that is waiting on one of its properties).
 */
export class Face implements Owner {
  readonly device: string;
  readonly #device: Device;
  readonly #parts: FaceParts;
  readonly #general: Panel;
  #body: Panel | undefined;
  readonly #end: () => void;

  constructor(device: Device, name: string, parts: FaceParts) {
    this.device = name;
    this.#device = device;
    this.#parts = parts;
    this.#general = new Panel(name, parts.clock, parts.publish);
    projectConnection(this.#general, device, parts);
    projectSettings(this.#general, device);
    projectDebug(this.#general, device, parts);
    this.#end = device.status.watch(() => this.#follow());
    this.#follow();
  }

  /** The general definitions have been published: from now on changes are. */
  start(): void {
    this.#general.start();
  }

  definitions(name?: string): readonly DefVector[] {
    const one = name === undefined ? undefined : this.#property(name);
    const all = name === undefined ? [...this.#properties()] : one ? [one] : [];
    return all.map((property) => property.definition());
  }

  receive(command: NewVector, origin: Origin): void {
    const property = this.#property(command.name);
    if (property) property.receive(command, origin);
    else origin.tell(`there is no property ${command.name}`, this.device);
  }

  close(): void {
    this.#end();
    this.#general.close();
    this.#body?.close();
  }

  #property(name: string): AnyProperty | undefined {
    return this.#general.properties.get(name) ?? this.#body?.properties.get(name);
  }

  *#properties(): Iterable<AnyProperty> {
    yield* this.#general.properties.values();
    if (this.#body) yield* this.#body.properties.values();
  }

  #follow(): void {
    const { state } = this.#device.status.value;
    if (state === 'connected') this.#build();
    else if (state === 'recovering') this.#body?.lose();
    else if (state === 'disconnected') this.#remove();
  }

  /** Clients that know a property get an update; only what is new to them is defined. */
  #build(): void {
    const before = this.#body?.properties ?? new Map<string, AnyProperty>();
    this.#body?.close();
    const { publish } = this.#parts;
    const body = new Panel(this.device, this.#parts.clock, publish, before);
    this.#body = body;
    projectCapabilities(body, this.#device, this.#parts);
    for (const name of before.keys()) {
      if (!body.properties.has(name)) publish({ type: 'delProperty', device: this.device, name });
    }
    body.start();
    for (const property of body.properties.values()) {
      const known = before.get(property.name);
      if (known && sameShape(known.shape, property.shape)) property.publish();
      else {
        if (known) publish({ type: 'delProperty', device: this.device, name: property.name });
        publish(property.definition());
      }
    }
  }

  #remove(): void {
    const body = this.#body;
    this.#body = undefined;
    body?.close();
    for (const name of body?.properties.keys() ?? []) {
      this.#parts.publish({ type: 'delProperty', device: this.device, name });
    }
  }
}

function projectCapabilities(panel: Panel, device: Device, parts: FaceParts): void {
  const able = device.capabilities.value;
  if (able.mount) projectMount(panel, device, able.mount, parts);
  if (able.guide) projectGuide(panel, device, able.guide);
  if (able.camera) projectCamera(panel, device, able.camera, parts);
  if (able.focuser) projectFocuser(panel, device, able.focuser);
  if (able.wheel) projectWheel(panel, device, able.wheel, parts.rig);
  if (able.rotator) projectRotator(panel, device, able.rotator);
  if (able.dome) projectDome(panel, device, able.dome);
  if (able.power) projectPower(panel, device, able.power);
  if (able.dew) projectDew(panel, device, able.dew);
  if (able.lines) projectLines(panel, device, able.lines);
  if (able.weather) projectWeather(panel, device, able.weather);
  if (able.gps) projectGps(panel, device, able.gps, parts);
  if (able.cover) projectCover(panel, device, able.cover);
  if (able.light) projectLight(panel, device, able.light);
}
