# SPDX-License-Identifier: GPL-3.0-or-later
# What the agent does with Python objects. bootstrap.py is embedded: no file is needed at run time.
list(APPEND sources asyncio_hooks.cpp boot.cpp code_places.cpp coroutine_layout.cpp executor_hooks.cpp
    private_module.cpp python_api.cpp task_names.cpp task_table.cpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS bootstrap.py)
file(READ bootstrap.py INTERLEAVE_BOOTSTRAP)
configure_file(bootstrap_source.h.in
    ${PROJECT_BINARY_DIR}/generated/engine/python/agent/bootstrap_source.h @ONLY)
include_directories(${PROJECT_BINARY_DIR}/generated)
