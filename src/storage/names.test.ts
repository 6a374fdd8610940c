import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseUtc } from '../core/clock.ts';
import { allFacts } from '../imaging/facts.fixture.ts';
import { directoryOf, fileNameOf, isFits, isTemporary, nightOf, safeName, temporaryName } from './names.ts';

test('a night is named by the noon before it, in the civil time of the place', () => {
  const night = (utc: string, zone: number) => nightOf(parseUtc(utc), zone);
  assert.equal(night('2026-11-22T20:15', 60), '2026-11-22');
  assert.equal(night('2026-11-23T05:59', 60), '2026-11-22');
  assert.equal(night('2026-11-23T10:59', 60), '2026-11-22', 'one minute before local noon');
  assert.equal(night('2026-11-23T11:00', 60), '2026-11-23', 'local noon');
  assert.equal(night('2026-11-23T03:00', -600), '2026-11-22', 'Hawaii, before sunset');
  assert.equal(night('2026-11-22T12:00', 720), '2026-11-22', 'New Zealand, midnight after the 22nd');
  assert.equal(night('2027-01-01T03:00', 0), '2026-12-31');
});

test('files go by night, target and type; taps to SNAPSHOT', () => {
  assert.equal(directoryOf(allFacts), 'frames/2026-11-22/Barnard_s_loop/LIGHT');
  assert.equal(directoryOf({ ...allFacts, snapshot: true }), 'frames/2026-11-22/Barnard_s_loop/SNAPSHOT');
  const { object, ...dark } = allFacts;
  assert.equal(directoryOf({ ...dark, type: 'darkflat' }), 'frames/2026-11-22/calibration/DARKFLAT');
  assert.equal(fileNameOf(allFacts), 'Barnard_s_loop_H_3_nm_300.5s_20261122T201503250_1b4e28ba.fits');
});

test('no text leads out of its directory or makes a name that some system refuses', () => {
  const nasty = fc.constantFrom(
    '../../etc',
    '..',
    '.',
    'NUL',
    'com1',
    '\u0000',
    '/',
    '\\',
    'a:b',
    ' ',
    '-',
    'M 31',
    'Ψ',
    '~',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' })), { maxLength: 6 }), (parts) => {
      const name = safeName(parts.join(''), 'absent');
      assert.match(name, /^[A-Za-z0-9+-][A-Za-z0-9+._-]{0,60}$/);
      assert.doesNotMatch(name, /\.\.|\.$|^(con|nul|com1)$/i);
    }),
    { seed: 1, numRuns: 1000 },
  );
  assert.equal(safeName('../../etc/passwd', 'x'), 'etc_passwd');
  assert.equal(safeName('   ', 'x'), 'x');
  assert.equal(safeName('nul', 'x'), 'nul_');
});

test('a temporary name is hidden, known again and no FITS name', () => {
  const name = temporaryName(fileNameOf(allFacts));
  assert.ok(isTemporary(name) && !isFits(name));
  assert.ok(isFits('a.FITS') && isFits('b.fit') && !isFits('.a.fits') && !isFits('a.txt'));
});
