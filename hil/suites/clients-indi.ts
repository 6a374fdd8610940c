import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFits } from '../../src/imaging/fits-read.ts';
import type { Newcomer } from './newcomer.ts';
import { present, tool } from './tools.ts';

const LABELS = ['Demo Mount', 'Demo Camera', 'Demo Guide Camera', 'Demo Focuser', 'Demo Wheel'];
/** Across the sky and into tracking. */
const SLEW_SECONDS = 40;
const BLOB = 'Demo Camera.CCD1.CCD1';

export async function connectsEverything(demo: Newcomer): Promise<undefined> {
  // One that is let go and taken again: its properties go and come.
  await demo.set('Demo Focuser.CONNECTION.DISCONNECT=On');
  const gone = await demo.getprop(['-t', '1', 'Demo Focuser.ABS_FOCUS_POSITION.*']);
  assert.equal(gone.code, 1, `still there after a disconnect: ${gone.stdout}`);
  for (const label of LABELS) await demo.set(`${label}.CONNECTION.CONNECT=On`);
  for (const label of LABELS) await demo.untilOk(`${label}.CONNECTION`, 10);
  const { stdout } = await demo.getprop(['-t', '1']);
  for (const one of [
    ...['Mount.EQUATORIAL_EOD_COORD.RA', 'Mount.TIME_LST.LST', 'Camera.CCD_EXPOSURE.CCD_EXPOSURE_VALUE'],
    ...['Guide Camera.CCD_INFO.CCD_MAX_X', 'Focuser.ABS_FOCUS_POSITION.FOCUS_ABSOLUTE_POSITION'],
    ...['Wheel.FILTER_NAME.FILTER_SLOT_NAME_5'],
  ]) {
    assert.match(stdout, new RegExp(`^Demo ${one}=.+$`, 'm'));
  }
}

/** To a star that culminates in an hour, half way between zenith and pole. */
export async function slews(demo: Newcomer): Promise<undefined> {
  const sidereal = Number(await demo.get('Demo Mount.TIME_LST.LST'));
  const latitude = Number(await demo.get('Demo Mount.GEOGRAPHIC_COORD.LAT'));
  const ra = (sidereal + 1) % 24;
  const dec = (latitude + (latitude < 0 ? -90 : 90)) / 2;
  await demo.set('Demo Mount.TELESCOPE_PARK.UNPARK=On');
  await demo.set('Demo Mount.ON_COORD_SET.TRACK=On');
  await demo.set(`Demo Mount.EQUATORIAL_EOD_COORD.RA;DEC=${ra};${dec}`);
  await demo.untilOk('Demo Mount.EQUATORIAL_EOD_COORD', SLEW_SECONDS);
  const at = async (element: string) => Number(await demo.get(`Demo Mount.EQUATORIAL_EOD_COORD.${element}`));
  assert.ok(Math.abs((await at('RA')) - ra) * 15 < 0.02, `at ${await at('RA')} h instead of ${ra} h`);
  assert.ok(Math.abs((await at('DEC')) - dec) < 0.02, `at ${await at('DEC')}° instead of ${dec}°`);
  assert.equal(await demo.get('Demo Mount.TELESCOPE_TRACK_STATE.TRACK_ON'), 'On');
  assert.equal(await demo.get('Demo Mount.TELESCOPE_PIER_SIDE.PIER_WEST'), 'On');
}

/** @returns the file that the BLOB came as */
export async function exposes(demo: Newcomer, directory: string, seconds = 1): Promise<string> {
  mkdirSync(directory, { recursive: true });
  const waiting = demo.getprop(['-t', '20', BLOB], directory);
  // It asks for BLOBs once it knows the property, in the time that this question takes.
  await demo.get('Demo Camera.CCD_EXPOSURE.CCD_EXPOSURE_VALUE');
  await demo.set(`Demo Camera.CCD_EXPOSURE.CCD_EXPOSURE_VALUE=${seconds}`);
  const { code, stderr } = await waiting;
  assert.equal(code, 0, `no image for indi_getprop: ${stderr}`);
  await demo.untilOk('Demo Camera.CCD_EXPOSURE', 5);
  return join(directory, `${BLOB}.fits`);
}

export async function opensInCfitsio(file: string, directory: string): Promise<string | undefined> {
  if (!present('fitsverify') || !present('fpack'))
    return 'fitsverify and fpack are not installed (libcfitsio-bin)';
  const whole = await tool('fitsverify', [file]);
  assert.match(whole.stdout, /0 warning\(s\) and 0 error\(s\)/i, whole.stdout);
  const packed = join(directory, 'packed.fits.fz');
  const pack = await tool('fpack', ['-O', packed, file]);
  assert.equal(pack.code, 0, pack.stderr);
  const list = await tool('funpack', ['-L', packed]);
  assert.match(list.stdout, /tiled|RICE/i, list.stdout + list.stderr);
  const unpacked = join(directory, 'unpacked.fits');
  assert.equal((await tool('funpack', ['-O', unpacked, packed])).code, 0);
  const [before, after] = [file, unpacked].map((path) => readFits(readFileSync(path)));
  assert.deepEqual(after?.data, before?.data, 'fpack and funpack changed pixels');
  return undefined;
}

export async function movesFocuserAndWheel(demo: Newcomer): Promise<undefined> {
  const position = 'Demo Focuser.ABS_FOCUS_POSITION.FOCUS_ABSOLUTE_POSITION';
  const target = Number(await demo.get(position)) - 150;
  await demo.set(`${position}=${target}`);
  await demo.set('Demo Wheel.FILTER_SLOT.FILTER_SLOT_VALUE=3');
  await demo.untilOk('Demo Focuser.ABS_FOCUS_POSITION', 30);
  await demo.untilOk('Demo Wheel.FILTER_SLOT', 30);
  assert.equal(Number(await demo.get(position)), target);
  assert.equal(Number(await demo.get('Demo Wheel.FILTER_SLOT.FILTER_SLOT_VALUE')), 3);
}

/** A script that sets something and waits for it with `indi_eval`: the whole of many a shutdown script. */
export async function waitsByExpression(demo: Newcomer): Promise<string | undefined> {
  if (!present('indi_eval')) return 'indi_eval is not installed (indi-bin)';
  const property = 'Demo Focuser.ABS_FOCUS_POSITION';
  const position = `${property}.FOCUS_ABSOLUTE_POSITION`;
  const target = Number(await demo.get(position)) + 220;
  await demo.set(`${position}=${target}`);
  const evaluate = (...args: string[]) =>
    tool('indi_eval', ['-h', '127.0.0.1', '-p', String(demo.indiPort), ...args]);
  const arrived = await evaluate('-w', '-t', '20', `"${property}._STATE"==1 && "${position}"==${target}`);
  assert.equal(arrived.code, 0, arrived.stderr);
  // Of a switch, a light or a number it is told alike; exit code 1 is "false".
  const untrue = await evaluate('"Demo Mount.CONNECTION.CONNECT"==0');
  assert.equal(untrue.code, 1, untrue.stderr);
  return undefined;
}
