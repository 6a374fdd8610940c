import { signal } from '@preact/signals';
import type { NetworkView } from '../src/api/network-view.ts';
import { complain, request, say } from './rig.ts';

/** Undefined on a unit whose system runs its network. */
export const network = signal<NetworkView | undefined>(undefined);

/** A unit that changes its network is out of reach for a moment: the last word on it stays. */
export const look = (): Promise<void> =>
  request<NetworkView>('GET', 'network').then(
    (view) => {
      network.value = view;
    },
    () => undefined,
  );

/** Asks, says what happens now, and looks again. @returns whether it was taken */
export async function order(method: string, path: string, body?: object): Promise<boolean> {
  try {
    const { words } = await request<{ words?: string }>(method, path, body);
    if (words) say(words);
    await look();
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}
