import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { fakeShelf } from '../src/api/fake-shelf.ts';
import { littleRig } from '../src/api/little-rig.ts';
import { serveLittleRig } from '../src/api/little-site.ts';
import { systemClock } from '../src/core/clock.ts';
import { pretendCamera } from '../src/indi/pretend/camera.ts';
import { canBuild, makeDeb } from '../src/system/drivers/deb.fixture.ts';
import { DriverKits } from '../src/system/drivers/kits.ts';
import { knownVendors } from '../src/system/drivers/vendors.ts';
import { CHROMIUM } from './chromium.ts';
import { openStage, type Stage } from './stage.ts';

const skip = !existsSync(CHROMIUM)
  ? `the page is not tried: there is no ${CHROMIUM}`
  : canBuild
    ? false
    : 'there is no dpkg-deb to make packages with';

describe("makers' drivers, on a phone", { skip }, () => {
  const rig = littleRig(systemClock);
  const directory = mkdtempSync(join(tmpdir(), 'nightjar-makers-'));
  let letGo = () => {};
  let kits: DriverKits;
  let stage: Stage;
  let page: Page;

  before(async () => {
    await rig.host.connectAll();
    const made = makeDeb('indi-asi', { 'usr/bin/indi_asi_ccd': { program: '/bin/true' } });
    const [zwo, ...others] = knownVendors.kits;
    const vendors = { mirrors: ['http://mirror/'], kits: [{ ...zwo!, packages: [made.package] }, ...others] };
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const get = (async () => {
      await held;
      return new Response(made.bytes);
    }) as typeof fetch;
    kits = await DriverKits.open({ directory, clock: systemClock, log: rig.log, vendors, get });
    const programs = fakeShelf(rig.host, () => ({ camera: pretendCamera().camera }));
    stage = await openStage((web) => serveLittleRig(rig, web, { drivers: kits, programs }));
    page = await stage.open();
    await stage.tab(page, 'Rig');
    await page.getByText("Makers' drivers", { exact: true }).click();
  });

  after(async () => {
    await stage?.close();
    await rig.host.close();
    rmSync(directory, { recursive: true });
  });

  const zwo = () => page.getByRole('group', { name: 'ZWO' });
  const qhy = () => page.getByRole('group', { name: 'QHYCCD' });
  const installed = async () => (await kits.list())[0]?.installed;

  test('fetched in the sight of its owner, installed after its licence was read', async () => {
    await zwo()
      .getByRole('button', { name: /^Fetch/ })
      .click();
    await zwo().getByText('fetching indi-asi').waitFor();
    await stage.picture(page, 'H_fetching');
    letGo();
    await zwo().getByRole('button', { name: 'Read the licence' }).click();
    await zwo().getByText('Licence of indi-asi: be kind.').waitFor();
    assert.equal(await installed(), undefined);
    await stage.sizes(page, 'the licence');
    await stage.picture(page, 'H_licence');
    await zwo().getByRole('button', { name: 'Accept and install' }).click();
    await zwo().getByText('Installed: indi-asi 1.0.').waitFor();
    assert.ok(await installed());
    await stage.picture(page, 'H_installed');
  });

  test('what nobody may be asked for is given as a file; what is wrong with it is said', async () => {
    await qhy().getByText('Debian has no package of it').waitFor();
    assert.equal(await qhy().getByRole('button', { name: /Fetch/ }).count(), 0);
    const input = page.getByLabel("a driver's file");
    await input.setInputFiles({ name: 'x.deb', mimeType: '', buffer: Buffer.from('nonsense') });
    await page.getByRole('alert').filter({ hasText: 'It is no Debian package' }).click();
    const own = makeDeb('indi-qhy', { 'usr/bin/indi_qhy_ccd': { program: '/bin/true' } });
    await input.setInputFiles({ name: 'indi qhy (1).deb', mimeType: '', buffer: own.bytes });
    await qhy().getByRole('button', { name: 'Read the licence' }).waitFor();
  });

  test('and removed, by two taps', async () => {
    await zwo().getByRole('button', { name: 'Remove' }).click();
    await zwo().getByRole('button', { name: 'Remove them?' }).click();
    await zwo()
      .getByRole('button', { name: /^Fetch/ })
      .waitFor();
    assert.equal(await installed(), undefined);
  });
});
