#!/usr/bin/env bash
# Lets this machine run arm64 programs, in chroots too: the kernel keeps the interpreter open (flag F), so that nothing
# is copied into the root. Does nothing where that works already. The emulator is the tool chroot's, newer than most hosts'.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ "$(uname -m)" != aarch64 ] || exit 0
table=/proc/sys/fs/binfmt_misc
[ -e $table/register ] || mount -t binfmt_misc binfmt_misc $table
if [ -e $table/qemu-aarch64 ]; then
  ! grep -q '^flags:.*F' $table/qemu-aarch64 || exit 0
  echo -1 >$table/qemu-aarch64
fi
emulator=$(bash "$image/lib/tools.sh")/usr/bin/qemu-aarch64
magic='\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
# O and C: the program runs with its own file handle and its own rights (sudo works in the root).
printf '%s' ":qemu-aarch64:M::$magic:$mask:$emulator:OCF" >$table/register
