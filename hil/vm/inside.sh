#!/bin/bash
# Runs inside the VM, as root: notes when the page first answers, runs the suites, switches off.
here=/run/hil
export PATH=$PATH:$here/tools LD_LIBRARY_PATH=$here/tools NIGHTJAR_HIL_SHARE=$here
page() {
  exec 3<>/dev/tcp/127.0.0.1/80 || return
  printf 'GET / HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
  read -r _ status _ <&3
  exec 3>&-
  [[ $status == 200 ]]
}
for _ in $(seq 300); do
  if page 2>/dev/null; then
    cut -d' ' -f1 /proc/uptime >$here/page
    break
  fi
  sleep 0.2
done
timeout 60 systemctl is-system-running --wait >$here/state
systemd-analyze >$here/analyze
# The suites are those of the bundle in the image.
read -ra words <$here/words
/usr/lib/nightjar/nightjar hil --bench inside "${words[@]}" --lines $here/lines >$here/out 2>&1
journalctl -b --no-pager >$here/journal
dmesg >$here/dmesg
touch $here/done
systemctl poweroff --force
