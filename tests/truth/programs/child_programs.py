# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts programs in every way and reads what they say."""
import os
import subprocess
import sys

print(subprocess.check_output(["sort"], input=b"c\na\nb\n"))
print(subprocess.getstatusoutput("echo out; echo err >&2; exit 4"))
print(os.system("exit 2") >> 8, os.popen("echo popen").read())
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 6"], {})
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
slow = subprocess.Popen(["sleep", "5"])
slow.kill()
print(slow.wait())
python = subprocess.Popen([sys.executable, "-c", "import threading; print(threading.active_count())"],
                          stdout=subprocess.PIPE, close_fds=True, start_new_session=True)
print(python.communicate()[0], python.returncode)
try:
    subprocess.run(["/no/such/program"], check=True)
except FileNotFoundError as error:
    print(error)
