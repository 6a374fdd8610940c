import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inScratch } from './appliance.ts';
import { hosting } from './indi-hosting.ts';
import type { Peer } from './indi-peers.ts';
import { startIndiServer } from './indi-servers.ts';
import type { Tap } from './indi-tap.ts';

export const VOICE = 'Voice';

const DEFINED = `
<defTextVector device='Voice' name='TEXT' label='A &amp; B' group='G' state='Ok' perm='rw' timeout='60' timestamp='2026-01-15T20:00:00'>
    <defText name='A' label='a'>
one
    </defText>
    <defText name='B' label='b'>two &lt; three</defText>
</defTextVector>
<defNumberVector device='Voice' name='NUMBER' label='N' group='G' state='Idle' perm='rw' timeout='60' timestamp='2026-01-15T20:00:00'>
    <defNumber name='X' label='x' format='%10.6m' min='0' max='100' step='1'>12:30:36</defNumber>
    <defNumber name='Y' label='y' format='%g' min='0' max='0' step='0'>-3e-2</defNumber>
</defNumberVector>
<defSwitchVector device='Voice' name='SWITCH' label='S' group='G' state='Idle' perm='rw' rule='AnyOfMany' timeout='60' timestamp='2026-01-15T20:00:00'>
    <defSwitch name='P' label='p'>On</defSwitch>
    <defSwitch name='Q' label='q'>On</defSwitch>
</defSwitchVector>
<defLightVector device='Voice' name='LIGHT' label='L' group='G' state='Busy' timestamp='2026-01-15T20:00:00'>
    <defLight name='U' label='u'>Alert</defLight>
</defLightVector>
<defBLOBVector device='Voice' name='BLOB' label='Bl' group='G' state='Idle' perm='rw' timeout='60' timestamp='2026-01-15T20:00:00'>
    <defBLOB name='I' label='i'></defBLOB>
</defBLOBVector>
<defTextVector device='Voice' name='GOING' label='G' group='G' state='Ok' perm='ro' timeout='0' timestamp='2026-01-15T20:00:00'>
    <defText name='A' label='a'>soon</defText>
</defTextVector>
`;

const UPDATED = `
<setTextVector device='Voice' name='TEXT' state='Busy' timestamp='2026-01-15T20:00:01' message='halfway'>
    <oneText name='B'>four &amp; five</oneText>
</setTextVector>
<setNumberVector device='Voice' name='NUMBER' state='Ok' timeout='30' timestamp='2026-01-15T20:00:01'>
    <oneNumber name='X' min='0' max='200' step='2'>150.5</oneNumber>
</setNumberVector>
<setSwitchVector device='Voice' name='SWITCH' state='Ok' timestamp='2026-01-15T20:00:01'>
    <oneSwitch name='Q'>Off</oneSwitch>
</setSwitchVector>
<setLightVector device='Voice' name='LIGHT' state='Ok' timestamp='2026-01-15T20:00:01'>
    <oneLight name='U'>Ok</oneLight>
</setLightVector>
<setBLOBVector device='Voice' name='BLOB' state='Ok' timestamp='2026-01-15T20:00:01'>
    <oneBLOB name='I' size='9' enclen='12' format='.txt'>
SGVs
  bG8s\tSU5E
</oneBLOB>
</setBLOBVector>
<message device='Voice' timestamp='2026-01-15T20:00:01' message='[INFO] said to all'/>
<delProperty device='Voice' name='GOING' timestamp='2026-01-15T20:00:01'/>
`;

/** A driver of a few lines of shell: defines a vector of each kind, and updates them all at a switch command. */
function writeVoice(directory: string): { executable: string; told(): string } {
  const path = (name: string) => join(directory, name);
  writeFileSync(path('defined.xml'), DEFINED);
  writeFileSync(path('updated.xml'), UPDATED);
  const executable = path('voice');
  writeFileSync(
    executable,
    `#!/bin/sh
while read -r line; do
  echo "$line" >>'${path('told')}'
  case "$line" in
    *'<getProperties'*) cat '${path('defined.xml')}' ;;
    *'</newSwitchVector'*) cat '${path('updated.xml')}' ;;
  esac
done
`,
  );
  chmodSync(executable, 0o755);
  const told = path('told');
  return { executable, told: () => (existsSync(told) ? readFileSync(told, 'utf8') : '') };
}

/** A server of this kind whose only driver is one that says a word of each kind. */
export async function withVoice(
  { name }: Peer,
  body: (tap: Tap, peer: Peer, told: () => string) => Promise<void>,
): Promise<void> {
  await inScratch('indi-voice', async (directory) => {
    const { executable, told } = writeVoice(directory);
    const listen = async (peer: Peer) => {
      const tap = await peer.tap();
      tap.getProperties();
      await tap.next({ verb: 'def', device: VOICE, name: 'GOING' }, 0);
      await body(tap, peer, told);
    };
    if (name === 'Nightjar') {
      await hosting([], async (peer) => {
        peer.programs.add({ id: 'voice', executable });
        await listen(peer);
      });
      return;
    }
    const server = await startIndiServer([executable]);
    await listen(server).finally(() => server.close());
  });
}
