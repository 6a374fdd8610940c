export type { KitView } from '../system/drivers/kits.ts';
