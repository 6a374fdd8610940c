import { Fault } from '../../core/errors.ts';
import type { Check } from '../../core/thread.ts';
import { encoded, type PreviewOptions } from '../encode.ts';
import type { ExposureFacts } from '../facts.ts';
import { readFacts } from '../facts-read.ts';
import { type ImageSource, withImage } from '../source.ts';
import { findStars } from '../stars/find.ts';
import { LiveStack, type Stacked, type StackOptions } from './live-stack.ts';
import { type StackFacts, writeStack } from './stack-file.ts';

/** How a stack stands. */
export interface StackFigures {
  readonly frames: number;
  /** Pixels of the stack; 0 while it is empty. */
  readonly width: number;
  readonly height: number;
  /** Side of the square of camera pixels that became one. */
  readonly factor: number;
  /** Share of all values that were kept out of the mean. */
  readonly clippedShare: number;
}

/** Names a stack: what is meant for another than the present one is turned down. */
interface Named {
  readonly stack: string;
}

/** The brightest say where the others lie. */
const STARS = 400;

/** What the imaging worker does about live stacks: it has at most one. */
export function stackJobs(options: StackOptions = {}) {
  let present: { name: string; live: LiveStack; first?: ExposureFacts | undefined } | undefined;
  const require = (name: string) => {
    if (present?.name === name) return present;
    throw new Fault('gone', 'the stack is lost: the imaging worker was started anew');
  };
  const shown = (name: string) => {
    const pixels = require(name).live.pixels();
    if (!pixels) throw new Fault('refused', 'the stack is still empty');
    return pixels;
  };
  return {
    /** A new stack in place of the present one. */
    stackBegin({ stack }: Named): void {
      present?.live.release();
      present = { name: stack, live: new LiveStack(options) };
    },

    stackAdd: (
      { stack, source }: Named & { source: ImageSource },
      check: Check,
    ): Promise<Stacked & { figures: StackFigures }> => {
      require(stack);
      return withImage(
        source,
        (image) => {
          const at = require(stack);
          const { live } = at;
          const stacked = live.add(image, findStars(image, { most: STARS, check }), check);
          if (stacked.added && live.frames === 1 && 'header' in image) at.first = readFacts(image.header);
          return { ...stacked, figures: figuresOf(live) };
        },
        check,
      );
    },

    stackPreview: (
      { stack, options }: Named & { options: PreviewOptions },
      check: Check,
    ): Promise<Uint8Array> => encoded(shown(stack), options, check),

    /** Writes the stack as it is. @param input.file a new one */
    stackWrite(
      { stack, file, ...gathered }: Named & { file: string } & Pick<StackFacts, 'seconds' | 'endUtc'>,
      check: Check,
    ): void {
      const pixels = shown(stack);
      const { live, first } = require(stack);
      writeStack(file, pixels, { ...gathered, first, frames: live.frames, factor: live.factor ?? 1 }, check);
    },

    /** Gives its memory back. */
    stackEnd({ stack }: Named): void {
      if (present?.name !== stack) return;
      present.live.release();
      present = undefined;
    },
  };
}

export type StackJobs = ReturnType<typeof stackJobs>;

function figuresOf(live: LiveStack): StackFigures {
  const { width = 0, height = 0 } = live.pixels() ?? {};
  return { frames: live.frames, width, height, factor: live.factor ?? 1, clippedShare: live.rejectedShare };
}
