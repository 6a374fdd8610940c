import type { Actor } from '../core/lane.ts';

/** All INDI connections are one holder: two of them supersede each other as one client would itself. */
export const indi: Actor = { name: 'indi', rank: 'client' };

/** The tabs under which clients show properties. */
export const MAIN = 'Main Control';
export const OPTIONS = 'Options';
export const SITE = 'Site Management';
export const GUIDING = 'Guide';
export const IMAGE = 'Image Settings';
export const INFO = 'General Info';
