import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dnsmasqConfig } from './dnsmasq.ts';
import { probeFor, probeHosts } from './probes.ts';

test('people on the hotspot are told no router, and nothing of the internet but what phones look for', () => {
  const lines = dnsmasqConfig().trim().split('\n');
  assert.ok(lines.includes('dhcp-option=option:router'));
  assert.ok(lines.includes('no-resolv') && lines.includes('local=/#/'));
  assert.ok(lines.includes('interface-name=nightjar.local,wlan0'));
  assert.ok(lines.includes('interface-name=nightjar.local,usb0'));
  assert.ok(!lines.some((line) => /www\.(google|apple|mozilla)\./.test(line)), 'no name that people need');
  assert.equal(new Set(lines).size, lines.length);
  for (const line of lines) assert.match(line, /^[\w-]+(=[\w./#:,-]+)?$/);
});

test('a probe is known by its host and its path', () => {
  for (const host of probeHosts) assert.match(host, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  assert.match(probeFor('captive.apple.com', '/any')?.content?.body ?? '', /Success/);
  assert.equal(probeFor('connectivitycheck.gstatic.com', '/generate_204')?.content, undefined);
  assert.equal(probeFor('connectivitycheck.gstatic.com', '/'), undefined);
  assert.equal(probeFor('example.org', '/generate_204'), undefined);
});
