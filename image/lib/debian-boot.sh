#!/usr/bin/env bash
# debian-boot.sh ROOT: fills ROOT/boot/firmware with what a boot slot of the card holds: the boards' firmware, their device
# trees, kernel and initramfs. The kernel then lies there alone, not in the root once more.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need device-tree-compiler
root=$1
slot=$root/boot/firmware
kernel=$(find "$root/lib/modules" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
rm -rf "$slot"
mkdir -p "$slot/overlays"
# Not the Pi 5's tree: Debian's kernel has no driver for the chip behind which its card, USB and header lie.
find "$root/usr/lib/linux-image-$kernel/broadcom" -name 'bcm*.dtb' ! -name 'bcm2712*' -exec cp {} "$slot/" \;
cp "$root"/usr/lib/raspi-firmware/{start,fixup,start4,fixup4}.* "$slot/"
dtc -q -@ -I dts -O dtb -o "$slot/overlays/w1-gpio.dtbo" "$image/boards/w1-gpio.dts"
mv "$root/boot/vmlinuz-$kernel" "$slot/vmlinuz"
mv "$root/boot/initrd.img-$kernel" "$slot/initrd.img"
rm -f "$root"/boot/{System.map,config}-* "$root"/{vmlinuz,initrd.img}{,.old}
cp "$image/boards/config.txt" "$slot/config.txt"
