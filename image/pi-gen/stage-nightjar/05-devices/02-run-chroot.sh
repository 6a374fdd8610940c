# A modem's manager writes to every serial port it meets.
systemctl mask ModemManager.service
