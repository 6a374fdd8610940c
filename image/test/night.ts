import { expect } from './checks.ts';
import { facts } from './facts.ts';
import type { Shell } from './ssh.ts';

/**
 * The start, two frames of 2.4 Mpx in two filters and the end of a simulated night, by the image's own command, in the
 * service's place: a unit runs one Nightjar. Rendering the sky takes a hundred times as long here as outside, and more
 * frames hold no more memory at any time (the fast VM's night has fourteen).
 * @returns what it needed at most
 */
export async function nightInMemory(shell: Shell): Promise<string> {
  const said = await shell.root(NIGHT, 900);
  const result = JSON.parse(/^\{"plan".*$/m.exec(said)?.[0] ?? '{}') as {
    complete?: boolean;
    simulatedSeconds?: number;
  };
  expect(result.complete === true, said.slice(-600));
  const now = facts(said);
  expect(now.get('OutOfMemory') === '0', 'the kernel ended something for want of memory');
  return (
    `${result.simulatedSeconds} s simulated, two frames of 2.4 Mpx; at most ${now.get('Peak')} MB resident ` +
    `(charged to it ${now.get('Group')} MB), the whole unit ${now.get('Used')} MB of ${now.get('Total')} MB, ${now.get('Swapped')} MB in zram`
  );
}

/** Runs in the guest. The peak is the kernel's own (VmHWM of the process), the rest sampled every second. */
const NIGHT = `
set -e
mkdir -p /tmp/night
benches=/usr/lib/nightjar/share/benches
node=/usr/lib/nightjar/bin/node
$node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  const [benches] = process.argv.slice(1);
  const read = (name) => JSON.parse(readFileSync(benches + "/" + name, "utf8"));
  const plan = read("night-plan.json");
  plan.sets = plan.sets.slice(0, 2).map((set) => ({ ...set, count: 1 }));
  const { faults, main, ...world } = read("night.json").world;
  writeFileSync("/tmp/night/plan.json", JSON.stringify(plan));
  writeFileSync("/tmp/night/bench.json", JSON.stringify({ ...read("night.json"), world }));
' $benches
install -d -o nightjar -g nightjar /data/image-test
systemctl stop nightjar.service
systemd-run --quiet --unit=night --property=User=nightjar --property=RemainAfterExit=yes \\
  --property=StandardOutput=file:/tmp/night/said --property=StandardError=file:/tmp/night/said \\
  nightjar night /tmp/night/plan.json --bench /tmp/night/bench.json --from 2026-01-15T21:00:00Z --out /data/image-test
used=0 swapped=0 peak=0
while :; do
  pid=$(systemctl show night -p MainPID --value)
  [ "$pid" != 0 ] || break
  peak=$(awk '/^VmHWM/ { printf "%d", $2 / 1024 }' /proc/$pid/status 2>/dev/null || echo $peak)
  [ -n "$peak" ] || peak=0
  [ "$peak" = 0 ] || echo $peak >/tmp/night/peak
  now=$(awk '/^MemTotal/ { t = $2 } /^MemAvailable/ { a = $2 } /^SwapTotal/ { s = $2 } /^SwapFree/ { f = $2 } END { printf "%d %d", (t - a) / 1024, (s - f) / 1024 }' /proc/meminfo)
  [ "\${now% *}" -le $used ] || used=\${now% *}
  [ "\${now#* }" -le $swapped ] || swapped=\${now#* }
  sleep 2
done
cat /tmp/night/said
echo "Peak $(cat /tmp/night/peak)"
group=$(systemctl show night -p MemoryPeak --value)
case $group in *[!0-9]* | '') group=0 ;; esac
echo "Group $((group / 1048576))"
echo "Used $used"
echo "Swapped $swapped"
echo "Total $(awk '/^MemTotal/ { printf "%d", $2 / 1024 }' /proc/meminfo)"
echo "OutOfMemory $(dmesg | grep -c 'Out of memory' || true)"
systemctl stop night || systemctl reset-failed night
rm -rf /data/image-test
systemctl start --no-block nightjar.service
`;
