import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BadInput } from '../../core/errors.ts';
import { parseCatalogue, readCatalogue, searchCatalogue } from './catalogue.ts';
import { readRemote } from './remote.ts';

const sample = `<?xml version="1.0" encoding="UTF-8"?>
<!-- made up -->
<driversList>
  <devGroup group="CCDs">
    <device label="ZWO CCD" manufacturer="ZWO" mdpd="true">
      <driver name="ZWO CCD">indi_asi_ccd</driver><version>2.4</version>
    </device>
    <device label="Toup &amp; Tek"><driver name="">indi_toupcam_ccd</driver><hosts/></device>
    <device label="nothing in it"/>
    <device label="evil"><driver name="x">rm -rf /</driver></device>
  </devGroup>
  <devGroup group="Focusers">
    <device label="MoonLite"><driver name="MoonLite">indi_moonlite_focus</driver><version>1.2</version></device>
  </devGroup>
</driversList>`;

test('a catalogue names label, device, group, executable and version', () => {
  assert.deepEqual(parseCatalogue(Buffer.from(sample)), [
    {
      ...{
        label: 'ZWO CCD',
        name: 'ZWO CCD',
        manufacturer: 'ZWO',
        group: 'CCDs',
        executable: 'indi_asi_ccd',
      },
      ...{ version: '2.4', multiple: true },
    },
    { label: 'Toup & Tek', name: '', group: 'CCDs', executable: 'indi_toupcam_ccd', multiple: false },
    {
      ...{ label: 'MoonLite', name: 'MoonLite', group: 'Focusers', executable: 'indi_moonlite_focus' },
      ...{ version: '1.2', multiple: false },
    },
  ]);
});

test('packages outside the system are in it, and what is there twice is named once', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-catalogue-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const kit = join(directory, 'drivers/indi-asi/usr');
  for (const folder of [kit, join(kit, 'share/indi'), join(kit, 'bin')])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(directory, 'drivers.xml'), sample);
  const more = '<device label="ZWO Wheel"><driver name="W">indi_asi_wheel</driver></device></devGroup>';
  writeFileSync(join(kit, 'share/indi/indi_asi.xml'), sample.replace('</devGroup>', more));
  writeFileSync(join(kit, 'bin/indi_asi_ccd'), '');
  chmodSync(join(kit, 'bin/indi_asi_ccd'), 0o755);
  const { entries } = await readCatalogue(directory, directory, join(directory, 'drivers'));
  assert.deepEqual(
    entries.map(({ label, installed }) => [label, installed]),
    [
      ['ZWO CCD', true],
      ['Toup & Tek', false],
      ['MoonLite', false],
      ['ZWO Wheel', false],
    ],
  );
});

test('a file that cannot be read is complained of, skeletons are passed over, the rest counts', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-catalogue-'));
  writeFileSync(join(directory, 'a.xml'), '<driversList><devGroup group=oops>');
  writeFileSync(join(directory, 'drivers.xml'), sample);
  writeFileSync(join(directory, 'indi_x_sk.xml'), sample);
  writeFileSync(join(directory, 'indi_moonlite_focus'), '');
  chmodSync(join(directory, 'indi_moonlite_focus'), 0o755);
  const { entries, complaints } = await readCatalogue(directory, directory);
  assert.deepEqual(
    entries.map(({ executable, installed }) => [executable, installed]),
    [
      ['indi_asi_ccd', false],
      ['indi_toupcam_ccd', false],
      ['indi_moonlite_focus', true],
    ],
  );
  assert.equal(complaints.length, 1);
  assert.match(complaints[0] ?? '', /^a\.xml: /);
  const found = (words: string) => searchCatalogue(entries, words).map(({ label }) => label);
  assert.deepEqual(found('zwo CCD'), ['ZWO CCD']);
  assert.deepEqual(found(''), ['MoonLite', 'ZWO CCD', 'Toup & Tek']);
  assert.deepEqual(found('focus zwo'), []);
  rmSync(directory, { recursive: true });
});

test('where INDI is not installed the catalogue is empty', async () => {
  assert.deepEqual(await readCatalogue('/nowhere/at/all'), { entries: [], complaints: [] });
});

test("INDI's own catalogue is read whole", {
  skip: existsSync('/usr/share/indi/drivers.xml') ? false : 'indi-bin is not installed',
}, async () => {
  const { entries, complaints } = await readCatalogue();
  assert.deepEqual(complaints, []);
  assert.ok(entries.length > 100, `${entries.length} entries`);
  const simulator = entries.find(({ executable }) => executable === 'indi_simulator_telescope');
  assert.deepEqual([simulator?.group, simulator?.name], ['Telescopes', 'Telescope Simulator']);
});

test('another server is named by host and port, one device of it before an @', () => {
  assert.deepEqual(readRemote('pi.local'), { host: 'pi.local', port: 7624 });
  assert.deepEqual(readRemote('10.0.0.5:7625'), { host: '10.0.0.5', port: 7625 });
  assert.deepEqual(readRemote('CCD Simulator@[::1]:7000'), {
    device: 'CCD Simulator',
    host: '::1',
    port: 7000,
  });
  assert.deepEqual(readRemote('"My @ Mount"@pi'), { device: 'My @ Mount', host: 'pi', port: 7624 });
  for (const wrong of ['', 'a b', 'host:0', 'host:70000', 'host:x', '@', 'tcp://host:1']) {
    assert.throws(() => readRemote(wrong), BadInput, wrong);
  }
});
