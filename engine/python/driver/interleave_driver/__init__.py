# SPDX-License-Identifier: GPL-3.0-or-later
# Executes an expanded scenario with Python's own means: threads, pools, asyncio. See ../README.md.
