# SPDX-License-Identifier: GPL-3.0-or-later
"""Traces, profiles and audits itself: sees what it always sees."""
import sys
import threading

calls = []


def note(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        calls.append((event, frame.f_code.co_name))
    return note


def work(value):
    return value + 1


sys.settrace(note)
work(1)
sys.settrace(None)
threading.setprofile(note)
thread = threading.Thread(target=work, args=(2,))
thread.start()
thread.join()
threading.setprofile(None)
print(calls)
events = []
sys.addaudithook(lambda event, arguments: events.append(event) if armed else None)
armed = True
open("/dev/null").close()
compile("1", "x", "eval")
armed = False
print(events)
print(sys.gettrace(), sys.getprofile(), [t.name for t in threading.enumerate()])
print(sys._getframe().f_back)
