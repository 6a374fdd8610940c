/** The messages of INDI protocol 1.7 as data, both directions. */

/** Characters of a device's name: what libindi's clients and drivers keep of one (MAXINDIDEVICE less its zero). */
export const NAME_LENGTH = 63;

export type State = 'Idle' | 'Ok' | 'Busy' | 'Alert';
export type Permission = 'ro' | 'wo' | 'rw';
export type SwitchRule = 'OneOfMany' | 'AtMostOne' | 'AnyOfMany';
export type BlobPolicy = 'Never' | 'Also' | 'Only';

export const states: readonly State[] = ['Idle', 'Ok', 'Busy', 'Alert'];
export const permissions: readonly Permission[] = ['ro', 'wo', 'rw'];
export const rules: readonly SwitchRule[] = ['OneOfMany', 'AtMostOne', 'AnyOfMany'];
export const blobPolicies: readonly BlobPolicy[] = ['Never', 'Also', 'Only'];

export interface Blob {
  /** `.fits`, `.fits.fz`, `.jpg`, …; a suffix `.z` says that the bytes are zlib-compressed. */
  format: string;
  /** Bytes before compression; 0: status only. */
  size: number;
  bytes: Uint8Array;
}

/** What the elements of each kind of vector hold. */
export interface ValueOf {
  text: string;
  number: number;
  switch: boolean;
  light: State;
  blob: Blob;
}

export type Kind = keyof ValueOf;
export const kinds: readonly Kind[] = ['text', 'number', 'switch', 'light', 'blob'];

/** `min` equal to `max`: no range. The format is for display only; `%<w>.<f>m` is sexagesimal. */
export interface Range {
  format: string;
  min: number;
  max: number;
  step: number;
}

/** One element of a definition; numbers carry their range. */
export interface Definition<K extends Kind> {
  name: string;
  label: string;
  value: ValueOf[K];
  range?: Range;
}

/** One element of an update or a command. */
export interface One<K extends Kind> {
  name: string;
  value: ValueOf[K];
  /** Of a number in an update: what has changed in its range. */
  range?: Partial<Range>;
}

interface DefOf<K extends Kind> {
  type: 'def';
  kind: K;
  device: string;
  name: string;
  label: string;
  group: string;
  state: State;
  /** Lights have none: they are read only. */
  perm: Permission;
  /** Switches only. */
  rule?: SwitchRule;
  /** Seconds. */
  timeout: number;
  message?: string;
  elements: readonly Definition<K>[];
}

interface SetOf<K extends Kind> {
  type: 'set';
  kind: K;
  device: string;
  name: string;
  /** Absent: unchanged. */
  state?: State;
  timeout?: number;
  message?: string;
  elements: readonly One<K>[];
}

interface NewOf<K extends Kind> {
  type: 'new';
  kind: K;
  device: string;
  name: string;
  elements: readonly One<K>[];
}

export type DefVector<K extends Kind = Kind> = { [P in K]: DefOf<P> }[K];
export type SetVector<K extends Kind = Kind> = { [P in K]: SetOf<P> }[K];
export type NewVector<K extends Kind = Kind> = { [P in K]: NewOf<P> }[K];

export interface GetProperties {
  type: 'getProperties';
  version: string;
  /** Absent: all. `*` is for chained servers. */
  device?: string;
  name?: string;
}

export interface EnableBlob {
  type: 'enableBLOB';
  device: string;
  name?: string;
  policy: BlobPolicy;
}

export interface Notice {
  type: 'message';
  device?: string;
  text: string;
}

/** Without a name the whole device is gone. */
export interface DelProperty {
  type: 'delProperty';
  device: string;
  name?: string;
  message?: string;
}

export interface Ping {
  type: 'pingRequest' | 'pingReply';
  uid: string;
}

export type Message =
  | GetProperties
  | DefVector
  | SetVector
  | NewVector
  | EnableBlob
  | Notice
  | DelProperty
  | Ping;
