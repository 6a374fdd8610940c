#!/bin/bash -e
# Only when asked for (NIGHTJAR_HIL=1): pi-gen has no condition for a package list, so this sub-stage installs its own.
[ "${NIGHTJAR_HIL:-}" = 1 ] || exit 0
missing=()
for package in $(sed 's/#.*//' files/packages); do
	dpkg-query --admindir="${ROOTFS_DIR}/var/lib/dpkg" -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
	on_chroot <<-EOF
		apt-get -o Acquire::Retries=3 install --no-install-recommends -y ${missing[*]}
	EOF
fi
# Says what this root is: a release never has it.
touch "${ROOTFS_DIR}/etc/nightjar-hil"
mkdir -p "${ROOTFS_DIR}/hil"
