#!/usr/bin/env bash
# lint.sh: the stage against pi-gen's rules, the scripts, and every configuration file by the program that will read it, in
# a finished root (root-arm64 or root-amd64, whichever is there). Prints each unit's exposure.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
faults=0
fault() { echo "fault: $*" >&2; faults=$((faults + 1)); }
# judge WORDS COMMAND...: a fault where the command fails, with what it said
judge() {
  local words=$1 said
  shift
  said=$("$@" 2>&1) || fault "$words: $said"
}

# pi-gen: names, and the bits that decide whether a script runs at all.
[ -x "$stage/prerun.sh" ] || fault 'prerun.sh is not executable'
for path in "$stage"/*/*; do
  name=${path#"$stage"/}
  case $name in
    [0-9][0-9]-*/[0-9][0-9]-run.sh)
      [ -x "$path" ] || fault "$name is not executable: pi-gen would pass it over"
      [ "$(head -c 2 "$path")" = '#!' ] || fault "$name names no interpreter"
      ;;
    [0-9][0-9]-*/[0-9][0-9]-run-chroot.sh | [0-9][0-9]-*/[0-9][0-9]-debconf | [0-9][0-9]-*/files) ;;
    [0-9][0-9]-*/[0-9][0-9]-packages | [0-9][0-9]-*/[0-9][0-9]-packages-nr) ;;
    *) fault "$name: pi-gen knows no such file" ;;
  esac
done
while read -r path; do
  [ -x "$path" ] || fault "${path#"$image"/} is not executable"
done < <(grep -rlE '^#!' "$stage" --include='*.sh' --exclude='*-run-chroot.sh'; find "$stage" -path '*/dispatcher.d/*' -type f; find "$stage" -path '*/initramfs-tools/hooks/*' -type f)

# Scripts.
need shellcheck || true
if command -v shellcheck >/dev/null; then
  mapfile -t scripts < <(grep -rlE '^#!.*\b(ba)?sh\b' "$image" --include='*' | grep -v '\.ts$')
  judge shellcheck shellcheck -x -P SCRIPTDIR -S warning -e SC1090,SC1091,SC2046,SC2154 "${scripts[@]}"
  judge 'shellcheck in the chroot' shellcheck -s bash -S warning "$stage"/*/*-run-chroot.sh
fi

# The networks' names and answers are the program's; the file is its text.
nodes=("$project"/node_modules/node-linux-*/bin/node)
judge 'dnsmasq-shared.d/nightjar.conf is not what src/system/network/dnsmasq.ts says' cmp \
  "$stage/03-network/files/etc/NetworkManager/dnsmasq-shared.d/nightjar.conf" \
  <("${nodes[0]}" -e "import('$project/src/system/network/dnsmasq.ts').then((m) => process.stdout.write(m.dnsmasqConfig()))")

# Rather one whose programs run here as they are.
root=$cache/root-$(dpkg --print-architecture)
[ -d "$root" ] || root=$cache/root-arm64
if [ ! -d "$root" ]; then
  echo 'skipped: no finished root (make image): packages, units and configuration files are not judged'
  exit $((faults > 0))
fi
# Raspberry Pi OS (arm64) takes Debian's own archive and adds to it: a package of Debian's main or non-free-firmware is in
# both. Nothing else may be named.
for package in $("$image/lib/packages.sh" amd64); do
  section=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${Section}' "$package" 2>/dev/null) || { fault "$package is not in the root"; continue; }
  case $section in contrib/* | non-free/*) fault "$package is of $section" ;; esac
done

in_root() { chroot "$root" "$@"; }
mapfile -t units < <(cd "$stage" && find . -path '*/systemd/system/nightjar*' -type f -printf '%f\n' | sort)
judge 'systemd-analyze verify' in_root systemd-analyze verify --man=no "${units[@]}"
judge 'udevadm verify' in_root udevadm verify --no-summary /etc/udev/rules.d/90-nightjar.rules
judge 'chronyd' in_root chronyd -p -f /etc/chrony/chrony.conf
judge 'visudo' in_root visudo -q -c -f /etc/sudoers.d/nightjar
judge 'dnsmasq' in_root dnsmasq --test --conf-file=/etc/NetworkManager/dnsmasq-shared.d/nightjar.conf
# Asks the kernel, in a network of its own; an emulated nft cannot.
[ "$root" = "$cache/root-arm64" ] && [ "$(uname -m)" != aarch64 ] || judge 'nft' unshare --net chroot "$root" nft --check --file /etc/nftables.conf
for unit in "${units[@]}"; do
  case $unit in *.path) continue ;; esac
  exposure=$(in_root systemd-analyze security --offline=true --no-pager "$unit" | sed -n 's/.*Overall exposure level.*: \([0-9.]*\).*/\1/p')
  printf '%-28s exposure %s\n' "$unit" "$exposure"
done
# The one that faces the network.
[ "$(in_root systemd-analyze security --offline=true --no-pager nightjar.service | sed -n 's/.*level.*: \([0-9]*\)\..*/\1/p')" -lt 3 ] || fault 'nightjar.service is too exposed'
[ $faults -eq 0 ] || { echo "$faults faults" >&2; exit 1; }
