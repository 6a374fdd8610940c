#!/bin/bash -e
# NIGHTJAR_VENDOR_DRIVERS=1: INDI's drivers with closed libraries of camera makers, in the image from the start, for somebody
# who builds their own card and has read the licences. Otherwise the page installs the same packages after showing them.
[ -n "${NIGHTJAR_VENDOR_DRIVERS:-}" ] || exit 0
project="${STAGE_DIR}/../../.."
case $(uname -m) in aarch64) own=arm64 ;; *) own=x64 ;; esac
arch=$(sed -n '/^Package: dpkg$/,/^$/s/^Architecture: //p' "${ROOTFS_DIR}/var/lib/dpkg/status")
mkdir -p "${ROOTFS_DIR}/root/vendor-drivers"
"$project/node_modules/node-linux-$own/bin/node" -e '
  const { mirrors, kits } = require(process.argv[1]);
  for (const { packages = [] } of kits) {
    for (const { files } of packages) console.log(mirrors[0] + files[process.argv[2]].path, files[process.argv[2]].sha256);
  }' "$project/src/system/drivers/vendors.json" "$arch" |
	while read -r url sum; do
		file="${ROOTFS_DIR}/root/vendor-drivers/$(basename "$url")"
		curl -fsSL --retry 3 -o "$file" "$url"
		echo "$sum  $file" | sha256sum --check --quiet
	done
