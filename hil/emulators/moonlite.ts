import { cell } from '../../src/core/cell.ts';
import { serveCommands } from './commands.ts';
import type { EmulatorFamily } from './emulator.ts';

/** Steps a second by the step delay 02, 04, 08, 10, 20. */
const FASTEST_STEPS_PER_SECOND = 500;

/** A MoonLite single focuser turning the world's focus train. */
export const moonlite: EmulatorFamily = {
  family: 'moonlite',
  kind: 'stream',
  create({ clock, world }) {
    const { axis, maxStep } = world.focus;
    const state = {
      target: Math.round(axis.angle),
      delay: 2,
      halfSteps: false,
      coefficient: 0,
      compensation: false,
    };
    const truth = cell<Readonly<Record<string, unknown>>>({});
    const tell = () =>
      truth.set({
        position: Math.round(axis.angle),
        moving: axis.moving,
        target: state.target,
        halfSteps: state.halfSteps,
      });
    let watching = false;

    /** While it turns, the truth is told five times a second. */
    function follow() {
      tell();
      if (!axis.moving) {
        watching = false;
        return;
      }
      watching = true;
      clock.after(200, follow);
    }

    function go() {
      const target = Math.min(Math.max(state.target, 0), maxStep);
      const distance = target - axis.angle;
      const speed = (FASTEST_STEPS_PER_SECOND * 2) / state.delay;
      if (distance !== 0) axis.drive(Math.sign(distance) * speed, { at: target });
      if (!watching) follow();
    }

    function answer(command: string): string | undefined {
      const argument = command.slice(2);
      switch (command.slice(0, 2)) {
        case 'GV':
          return '10';
        case 'GP':
          return `${hex(axis.angle, 4)}#`;
        case 'GN':
          return `${hex(state.target, 4)}#`;
        case 'GI':
          return axis.moving ? '01#' : '00#';
        case 'GT':
          return `${hex(world.weather.at().temperatureCelsius * 2, 4)}#`;
        case 'GD':
          return `${hex(state.delay, 2)}#`;
        case 'GH':
          return state.halfSteps ? 'FF#' : '00#';
        case 'GC':
          return `${hex(state.coefficient, 2)}#`;
        case 'GB':
          return '00#';
        case 'SN':
          if (isHex(argument)) state.target = Number.parseInt(argument, 16);
          return undefined;
        case 'FG':
          go();
          return undefined;
        case 'FQ':
          axis.drive(0);
          tell();
          return undefined;
        case 'SP':
          if (isHex(argument)) axis.place(Number.parseInt(argument, 16));
          tell();
          return undefined;
        case 'SD':
          if ([2, 4, 8, 16, 32].includes(Number.parseInt(argument, 16)))
            state.delay = Number.parseInt(argument, 16);
          return undefined;
        case 'SF':
        case 'SH':
          state.halfSteps = command === 'SH';
          return undefined;
        case 'SC':
          if (isHex(argument)) state.coefficient = Number.parseInt(argument, 16);
          return undefined;
        default:
          return undefined;
      }
    }

    tell();
    return { truth, attach: (link) => serveCommands(link, answer) };
  },
};

const isHex = (text: string) => /^[0-9A-Fa-f]{1,4}$/.test(text);
/** Two's complement of the width, upper case. */
const hex = (value: number, digits: number) =>
  (Math.round(value) & (16 ** digits - 1)).toString(16).toUpperCase().padStart(digits, '0');
