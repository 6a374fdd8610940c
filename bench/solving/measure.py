"""measure.py WALL CPU COMMAND…: runs a command within so many seconds, CPU those of each process, and writes what it and all that it started took, as JSON on file descriptor 3: exit code (null when
it was killed for its time), wall and CPU seconds, and the resident size of the largest of its processes in KiB
(getrusage(2), RUSAGE_CHILDREN: microseconds, with every descendant that was waited for)."""
import json
import os
import resource
import signal
import subprocess
import sys
import time

wall, cpu = float(sys.argv[1]), int(sys.argv[2])
started = time.monotonic()
bound = lambda: resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
with subprocess.Popen(sys.argv[3:], start_new_session=True, preexec_fn=bound) as child:
    try:
        code = child.wait(wall)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        code = None
use = resource.getrusage(resource.RUSAGE_CHILDREN)
took = {
    'code': code,
    'wall': time.monotonic() - started,
    'cpu': use.ru_utime + use.ru_stime,
    'peakKib': use.ru_maxrss,
}
os.write(3, json.dumps(took).encode())
