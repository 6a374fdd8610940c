import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux, Documentation/usb/gadget_configfs.rst. */
const GADGETS = '/sys/kernel/config/usb_gadget';
const ENGLISH = 'strings/0x409';

export interface AcmGadget {
  /** The device's own end of the line. */
  tty: string;
  /** What udev calls the host's end. */
  byId: string;
  pull(): void;
}

/**
 * A USB modem (CDC ACM), as many controllers show themselves, on one of the dummy controllers (dummy_hcd): its plug
 * and its socket are both here. Needs root.
 */
export function acmGadget(product: string, serial: string): AcmGadget {
  const controller = freeController();
  const gadget = join(GADGETS, serial);
  const put = (name: string, text: string) => writeFileSync(join(gadget, name), `${text}\n`);
  const folders = [ENGLISH, 'configs/c.1', `configs/c.1/${ENGLISH}`, `functions/acm.${serial}`];
  mkdirSync(gadget);
  for (const folder of folders) mkdirSync(join(gadget, folder), { recursive: true });
  put('idVendor', '0x1d6b');
  put('idProduct', '0x0104');
  put(`${ENGLISH}/manufacturer`, 'Bench');
  put(`${ENGLISH}/product`, product);
  put(`${ENGLISH}/serialnumber`, serial);
  const link = join(gadget, 'configs/c.1', `acm.${serial}`);
  symlinkSync(join(gadget, `functions/acm.${serial}`), link);
  put('UDC', controller);
  return {
    tty: ttyOf(join(gadget, `functions/acm.${serial}`)),
    byId: `/dev/serial/by-id/usb-Bench_${product}_${serial}-if00`,
    pull() {
      put('UDC', '');
      rmSync(link);
      for (const folder of ['configs/c.1/strings/0x409', 'configs/c.1', `functions/acm.${serial}`, ENGLISH]) {
        rmdirSync(join(gadget, folder));
      }
      rmdirSync(gadget);
    },
  };
}

function freeController(): string {
  const taken = readdirSync(GADGETS).map((name) => textOf(join(GADGETS, name, 'UDC')));
  const free = readdirSync('/sys/class/udc').find((name) => !taken.includes(name));
  if (!free) throw new Error('no free dummy_udc: start the kernel with dummy_hcd.num=8');
  return free;
}

const ttyOf = (acm: string): string => `/dev/ttyGS${textOf(join(acm, 'port_num'))}`;
const textOf = (file: string): string => readFileSync(file, 'utf8').trim();
