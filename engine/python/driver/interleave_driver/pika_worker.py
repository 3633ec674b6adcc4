# SPDX-License-Identifier: GPL-3.0-or-later
# One process of the model pika: a publisher or a consumer, over the kind of connection that was asked
# for.
import os
import sys

from . import announce, pika_asyncio, pika_blocking
from .pika_library import PikaLibrary
from .pika_roles import WORK_VARIABLE, roles_of

_KINDS = {"blocking": pika_blocking, "asyncio": pika_asyncio}


def main(program, block, index):
    library = PikaLibrary(program, block)
    space = library.hook()
    role = roles_of(library)[index]
    announce.name_thread(role.name)
    announce.role("worker")
    kind = _KINDS[program.settings["connection"]]
    if role.queue:
        kind.consume(library, role, space)
    else:
        kind.publish(library, role, space, int(os.environ[WORK_VARIABLE]))
    sys.stdout.flush()
    return 0
