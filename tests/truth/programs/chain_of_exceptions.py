# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails with a chain of exceptions."""


class Odd(Exception):
    pass


def inner(value):
    return 1 / value


def outer(value):
    try:
        inner(value)
    except ZeroDivisionError as error:
        raise Odd("nothing left") from error


outer(0)
