#!/usr/bin/env bash
# Builds the kernel of the fast VM: User-Mode Linux from Debian's own source. Prints the folder that it lies in.
#
#   hil/vm/kernel.sh            → .cache/vm/kernel-<hash>/{linux,i2c-stub.ko}
#
# The hash is that of this script, kernel.config and the source's version: where that folder is, nothing is built.
# About seven minutes of processor time, half of that on two idle cores; then nothing until one of them changes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/apt.sh"
source=linux-source-6.12

apt_get update
version=$(apt_cache show "$source" | awk '/^Version:/ && !found { found = $2 } END { print found }')
hash=$(cat "$0" "$here/kernel.config" <(echo "$version") | sha256sum | cut -c1-16)
folder=$cache/kernel-$hash
if [[ -x $folder/linux ]]; then
  echo "$folder"
  exit
fi

missing=()
for tool in flex bison bc gcc make xz; do command -v "$tool" >/dev/null || missing+=("${tool/#xz/xz-utils}"); done
[[ -e /usr/include/libelf.h ]] || missing+=(libelf-dev)
need "${missing[@]}"

say "$source $version: downloading"
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
fetch "$work" "$source" wireless-regdb
tar -C "$work" -xf "$work/usr/src/$source.tar.xz"
# Which radio may do what in which country, and the signatures that the kernel believes.
mkdir "$work/firmware"
for file in regulatory.db regulatory.db.p7s; do
  cp "$(find "$work" -name "$file-debian")" "$work/firmware/$file"
done
{ cat "$here/kernel.config"; echo "CONFIG_EXTRA_FIRMWARE_DIR=\"$work/firmware\""; } >"$work/config"

say "building, on $(nproc) processors"
build=(nice -n 5 make -s -C "$work/$source" ARCH=um O="$work/out" -j"$(nproc)")
KCONFIG_ALLCONFIG="$work/config" "${build[@]}" allnoconfig >&2
# What the kernel's own rules did not let in must not be missed later, in the middle of a suite.
refused=$(grep '^CONFIG_.*=n$' "$here/kernel.config" | sed 's/n$//' | grep -F -f - "$work/out/.config" | grep -v '^#' || true)
refused+=$(grep '^CONFIG_' "$here/kernel.config" | grep -v '=n$' | grep -vxF -f "$work/out/.config" || true)
if [[ $refused ]]; then
  say "kernel.config asks for what this kernel will not have: $refused"
  exit 1
fi
"${build[@]}" linux modules >"$work/log" 2>&1 || { tail -40 "$work/log" >&2; exit 1; }

mkdir "$work/done"
strip -o "$work/done/linux" "$work/out/linux"
cp "$work/out/drivers/i2c/i2c-stub.ko" "$work/done/"
rm -rf "$folder"
mv "$work/done" "$folder"
echo "$folder"
