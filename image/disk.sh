#!/usr/bin/env bash
# disk.sh ROOT VERSION [FOLDER]: the card's image from a finished root: dist-image/nightjar-VERSION-arm64.img.zst, its SHA-256
# and the SPDX list. No loop device, no mount: tools that write file systems into a file, at an offset. The same root gives
# the same bytes.
#
# MBR, for the Pi 3 boots from nothing else:
#   p1 FAT   NIGHTJAR       autoboot.txt (which slot), bootcode.bin (Pi 3), the owner's nightjar.toml
#   p2 FAT   slot A's boot  firmware, kernel, cmdline.txt with slot A's root        p3 slot B's, empty until the first update
#   p5 ext4  slot A's root  read-only, 3 GiB                                        p6 slot B's, empty until the first update
#   p7 ext4  nightjar-data  all that changes; grown to the card's size at first start
# Partition numbers stand here, in autoboot.txt and in each slot's cmdline.txt, nowhere else.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
root=$(cd "$1" && pwd)
version=$2
out=${3:-$project/dist-image}
name=nightjar-$version-arm64
card=$cache/$name.img
work=$cache/disk
# What slot A's boot partition will hold; left there for QEMU, which wants kernel and initramfs as files.
boot=$cache/boot-arm64

if [ "${NIGHTJAR_IN_TOOLS:-}" != 1 ]; then
  mkdir -p "$out" "$work"
  rm -rf "$boot"
  cp -r "$root/boot/firmware" "$boot"
  # The rest happens in the tool chroot, which sees nothing where the root holds the boot partition's files: they shall not
  # be on the card twice.
  export root boot image version out work NIGHTJAR_IN_TOOLS=1
  exec unshare --mount --propagation private bash -ec 'mount -t tmpfs -o ro,mode=755 none "$root/boot/firmware"
    exec bash "$image/lib/in-tools.sh" bash "$image/disk.sh" "$root" "$version" "$out"'
fi

signature=4e4a4152 # "NJAR": PARTUUIDs are this and the partition's number
mib=2048           # sectors
offset() { echo $((${starts[$1]} * mib)); }
declare -A starts=([1]=4 [2]=68 [3]=324 [5]=584 [6]=3660 [7]=6736) # MiB
declare -A sizes=([1]=64 [2]=256 [3]=256 [5]=3072 [6]=3072 [7]=128)
end=$((starts[7] + sizes[7]))

table() {
  rm -f "$card"
  truncate -s "${end}M" "$card"
  {
    echo "label: dos"
    echo "label-id: 0x$signature"
    for p in 1 2 3; do echo "$p : start=$(offset $p), size=$((sizes[$p] * mib)), type=c"; done
    echo "4 : start=$((580 * mib)), size=$(((end - 580) * mib)), type=f"
    for p in 5 6 7; do echo "$p : start=$(offset $p), size=$((sizes[$p] * mib)), type=83"; done
  } | sfdisk --quiet "$card"
}

# fat PARTITION LABEL FOLDER
fat() {
  local part=$work/$2.fat files
  rm -f "$part"
  truncate -s "${sizes[$1]}M" "$part"
  mkfs.fat --invariant -F 32 -s 1 -n "$2" -i "4e4a000$1" "$part" >/dev/null
  find "$3" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  mapfile -t files < <(find "$3" -mindepth 1 -maxdepth 1 | sort)
  [ ${#files[@]} -eq 0 ] || mcopy -s -p -m -Q -i "$part" "${files[@]}" ::
  dd if="$part" of="$card" bs=1M seek="${starts[$1]}" conv=sparse,notrunc status=none
}

# ext4 PARTITION LABEL FOLDER [OPTION...]
ext4() {
  local p=$1 label=$2 folder=$3
  shift 3
  mke2fs -q -F -t ext4 -L "$label" -U "4e4a4152-0000-4000-8000-00000000000$p" -d "$folder" "$@" \
    -E "offset=$(($(offset "$p") * 512)),hash_seed=4e4a4152-0000-4000-8000-0000000000f$p,lazy_itable_init=0,lazy_journal_init=1,nodiscard" \
    "$card" "${sizes[$p]}M"
}

compose() {
  rm -rf "$work"
  mkdir -p "$work"/{config,empty}
  cp "$image/boards/autoboot.txt" "$project/src/system/setup/nightjar.toml" "$work/config/"
  # The Pi 3's own ROM looks for this on the first partition.
  for file in "$root/usr/lib/raspi-firmware/bootcode.bin" "$boot/bootcode.bin"; do
    [ ! -e "$file" ] || cp "$file" "$work/config/"
  done
  sed "s/@ROOT@/PARTUUID=$signature-05/" "$root/usr/lib/nightjar/boot/cmdline.txt" >"$boot/cmdline.txt"
  fat 1 NIGHTJAR "$work/config"
  fat 2 BOOT-A "$boot"
  fat 3 BOOT-B "$work/empty"
  # A read-only root needs no journal.
  ext4 5 root-a "$root" -O ^has_journal -m 0 -N 65536
  ext4 7 nightjar-data "$work/empty" -m 1 -J size=8
}

pack() {
  cp "$root/usr/share/doc/nightjar/packages.spdx.json" "$out/$name.spdx.json"
  zstd -q -f -T0 -12 --long=27 "$card" -o "$out/$name.img.zst"
  (cd "$out" && sha256sum "$name.img.zst" "$name.spdx.json" >"$name.sha256")
}

step 'partition table' table
step 'file systems' compose
step 'compression' pack
echo "$out/$name.img.zst  $(($(stat -c %s "$out/$name.img.zst") / 1000000)) MB"
