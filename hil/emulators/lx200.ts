import { cell } from '../../src/core/cell.ts';
import { BadInput } from '../../src/core/errors.ts';
import type { EmulatorContext, EmulatorFamily, StreamEmulator, Truth } from './emulator.ts';
import { createAlmanac } from './lx200-almanac.ts';
import { createGem, type Gem } from './lx200-gem.ts';
import { serveLx200 } from './lx200-lexer.ts';
import { autostarWords, classicWords, onstepWords, type Vocabulary } from './lx200-words.ts';

const TELL_MS = 200;

/** A Meade LX200 of the first generation: no status, no pulses, low precision until it is toggled. */
export const lx200 = family('lx200', { words: classicWords, precise: false, tracksAtOnce: true });
/** An Autostar 497: the same with versions and guide pulses. */
export const lx200autostar = family('lx200autostar', {
  words: autostarWords,
  precise: true,
  tracksAtOnce: true,
});
/** OnStep 4 on a German mount: at home and not tracking when switched on. */
export const onstep = family('onstep', { words: onstepWords, precise: true, tracksAtOnce: false });

interface Make {
  words: (parts: Parameters<typeof classicWords>[0]) => Vocabulary;
  precise: boolean;
  tracksAtOnce: boolean;
}

/** Options: `slewRate` in degrees a second (4); `forgetful: true` = no battery keeps clock and site. */
function family(name: string, make: Make): EmulatorFamily {
  return {
    family: name,
    kind: 'stream',
    create(context): StreamEmulator {
      const { clock, world, options } = context;
      const slewRate = Number(options.slewRate ?? 4);
      if (!(slewRate > 0.1)) throw new BadInput(`${name}: slewRate is degrees a second, more than 0.1`);
      const almanac = createAlmanac(clock, world.mount.site, options.forgetful === true);
      const gem = createGem(clock, world.mount, almanac, slewRate);
      if (make.tracksAtOnce) gem.track(true);
      const { truth, tell } = truthOf(context, gem);
      const words = make.words({
        gem,
        almanac,
        slewRate,
        precise: make.precise,
        weather: () => world.weather.at(),
      });
      const answer = (command: string) => {
        const reply = answerFrom(words, command);
        tell();
        return reply;
      };
      return { truth, attach: (link) => serveLx200(link, answer) };
    },
  };
}

/** The word is the longest beginning of the command that the mount knows; unknown ones are not answered. */
function answerFrom(words: Vocabulary, command: string): string | undefined {
  for (let length = Math.min(command.length, 5); length > 0; length--) {
    const known = words[command.slice(0, length)];
    if (known) return known(command.slice(length));
  }
  return undefined;
}

/** Where the telescope truly points (ICRS degrees) and what the mount does; told on change, five times a second on the way. */
function truthOf({ clock, world }: EmulatorContext, gem: Gem): { truth: Truth; tell(): void } {
  const read = () => {
    const { ra, dec } = world.mount.pointing();
    const { phase, tracking, pierSide } = gem;
    const slewing = phase === 'slewing' || phase === 'parking' || phase === 'homing';
    return {
      ra: Number(ra.toFixed(5)),
      dec: Number(dec.toFixed(5)),
      pierSide,
      tracking,
      slewing,
      parked: phase === 'parked',
    };
  };
  const truth = cell<Readonly<Record<string, unknown>>>(
    read(),
    (a, b) => JSON.stringify(a) === JSON.stringify(b),
  );
  let following = false;
  let last = { phase: gem.phase, tracking: gem.tracking, moving: gem.moving };
  function follow() {
    following = gem.moving;
    if (following) clock.after(TELL_MS, follow);
    truth.set(read());
  }
  return {
    truth,
    tell() {
      const now = { phase: gem.phase, tracking: gem.tracking, moving: gem.moving };
      const same = now.phase === last.phase && now.tracking === last.tracking && now.moving === last.moving;
      last = now;
      if (!same && !following) follow();
    },
  };
}
