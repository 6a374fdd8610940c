/** All that the kernels ever use: bands of rows pass through it, never whole frames. */
export const MEMORY_BYTES = 8 * 2 ** 20;
/** Below lie the binary's stack and constants. */
export const ROOM_START = 65_536;

const ALIGNMENT = 16;

/** Part of the kernels' memory, for as long as the work lasts that was given it. */
export interface Room {
  /** Bytes that can still be taken. */
  readonly free: number;
  /** The offset of so many bytes, a multiple of 16. They hold what was left there. @throws RangeError when full */
  take(bytes: number): number;
}

/** Calls `use` with room that is free again when it returns or throws; calls within it get the room above. */
export type Within = <T>(use: (room: Room) => T) => T;

export function roomIn(memory: ArrayBuffer): Within {
  let top = ROOM_START;
  const room: Room = {
    get free() {
      return memory.byteLength - top;
    },
    take(bytes) {
      const offset = top;
      const end = offset + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      if (!(bytes >= 0 && end <= memory.byteLength)) {
        throw new RangeError(
          `${bytes} bytes asked of the kernels' memory, ${room.free} free: use smaller bands`,
        );
      }
      top = end;
      return offset;
    },
  };
  return (use) => {
    const before = top;
    try {
      return use(room);
    } finally {
      top = before;
    }
  };
}
