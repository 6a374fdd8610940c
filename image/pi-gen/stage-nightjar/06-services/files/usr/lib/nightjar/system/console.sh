#!/bin/sh
# Network name, password, address and QR code, as the setup wrote them; the screen cleared, the cursor away.
printf '\033c\033[2J\033[H\033[?25l'
cat /run/nightjar/console.txt 2>/dev/null || cat /boot/nightjar/nightjar.txt 2>/dev/null || echo 'Nightjar: open http://nightjar.local'
