import { join } from 'node:path';

/** Where the guest sees the host's folder. */
export const SHARE = '/run/hil';

/** Before the network: the share is there, and the second radio is the phone's. */
const stageUnit = (folder: string) => `[Unit]
DefaultDependencies=no
After=local-fs.target
Before=NetworkManager.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=mkdir -p ${SHARE}
ExecStart=mount -t hostfs -o hostfs=${folder} none ${SHARE}
ExecStart=-sh ${SHARE}/phone/phone.sh take
`;

const suitesUnit = `[Unit]
Requires=hil-stage.service
After=hil-stage.service
[Service]
Type=exec
ExecStart=bash ${SHARE}/inside.sh
`;

/**
 * The kernel's words: 512 MB, disks as a card has them, eight dummy USB controllers, and our two units as credentials
 * (systemd.system-credentials(7)), so that the image holds nothing for tests.
 */
export function commandLine(stage: string): string[] {
  const unit = (name: string, text: string) => [
    `systemd.set_credential_binary=systemd.extra-unit.${name}:${Buffer.from(text).toString('base64')}`,
    `systemd.wants=${name}`,
  ];
  return [
    'mem=512M',
    ...['root', 'data', 'card'].map(
      (disk, index) => `ubd${index}${disk === 'root' ? 'r' : ''}=${join(stage, disk)}.img`,
    ),
    'root=/dev/ubda',
    'ro',
    'systemd.mask=nightjar-usb.service',
    ...['con0=fd:0,fd:1', 'con=null', 'console=tty0', 'quiet', 'net.ifnames=0'],
    ...['dummy_hcd.num=8', 'mac80211_hwsim.radios=2', 'systemd.journald.forward_to_console=0'],
    ...unit('hil-stage.service', stageUnit(join(stage, 'share'))),
    ...unit('hil.service', suitesUnit),
  ];
}
