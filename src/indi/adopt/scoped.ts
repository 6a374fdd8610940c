import { cell } from '../../core/cell.ts';
import type { Hosted } from './hosted.ts';

/**
 * The same device, whose watches all end together: cells keep their last value, and nothing holds on to them. From then
 * on it counts as gone, so that what is still under way ends, and says nothing to the device of a later connection.
 */
export function scoped(hosted: Hosted): { hosted: Hosted; end(): void } {
  const ends = new Set<() => void>();
  const alive = cell(hosted.alive.value);
  const unfollow = hosted.alive.watch((now) => alive.set(now));
  const kept = (end: () => void) => {
    const own = () => {
      ends.delete(own);
      end();
    };
    ends.add(own);
    return own;
  };
  return {
    hosted: {
      device: hosted.device,
      alive,
      names: hosted.names,
      ...(hosted.said && { said: hosted.said }),
      property: (name) => hosted.property(name),
      watch: (name, listener) => kept(hosted.watch(name, listener)),
      watchBlobs: (name, listener) => kept(hosted.watchBlobs(name, listener)),
      send: (command) => hosted.send(command),
    },
    end() {
      unfollow();
      alive.set(false);
      for (const end of [...ends]) end();
    },
  };
}
