#!/bin/bash
# The comparison guest: a bare Debian arm64 root with the kernel the image has (from the same archives), made by Debian's
# own means and nothing more.
# Makes bare.ext4, bare.vmlinuz and bare.initrd in the folder given, and a busybox for arm64: the DHCP client of the test's
# phone, which the image itself has no use for.
set -euo pipefail
out=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$out/bare.root
bash "$here/../lib/binfmt.sh"
rm -rf --one-file-system "$root"
mkdir -p "$out"

# The initramfs is made once, at the end, and with the modules QEMU's virt machine wants: made by the kernel's postinst it
# would copy every module of Debian's by one emulated process each, twice.
mmdebstrap --mode=root --variant=minbase --architectures=arm64 --quiet \
  --include=systemd-sysv,udev,dbus,kmod,zstd,initramfs-tools,linux-image-arm64 \
  --aptopt='APT::Install-Recommends "false"' --dpkgopt='force-unsafe-io' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --essential-hook='mkdir -p "$1/etc/initramfs-tools" "$1/etc/kernel/postinst.d"
    chroot "$1" dpkg-divert --local --rename --add /usr/sbin/update-initramfs
    ln -s /bin/true "$1/usr/sbin/update-initramfs"' \
  --customize-hook='printf "%s\n" virtio_pci virtio_blk virtio_net ext4 >"$1/etc/initramfs-tools/modules"
    echo MODULES=list >"$1/etc/initramfs-tools/conf.d/modules"
    echo bare >"$1/etc/hostname"
    chroot "$1" sh -c "mkinitramfs -o /boot/initrd \$(ls /lib/modules)"
    chroot "$1" passwd -d root
    cd "$1/var/tmp" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get download -q busybox-static && dpkg-deb -x busybox-static_*.deb .' \
  trixie "$root" - < <(bash "$here/../lib/sources.sh")

cp "$root"/boot/vmlinuz-* "$out/bare.vmlinuz"
mv "$root/boot/initrd" "$out/bare.initrd"
mv "$root/var/tmp/usr/bin/busybox" "$out/busybox"
truncate -s 1500M "$out/bare.ext4"
bash "$here/../lib/in-tools.sh" mke2fs -q -t ext4 -L bare -d "$root" "$out/bare.ext4"
rm -rf --one-file-system "$root"
