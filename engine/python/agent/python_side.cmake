# SPDX-License-Identifier: GPL-3.0-or-later
# What the agent does with Python objects. The Python sources are embedded: no file is needed at run
# time.
list(APPEND sources asyncio_hooks.cpp boot.cpp broker_functions.cpp code_places.cpp
    coroutine_layout.cpp executor_hooks.cpp private_module.cpp python_api.cpp task_names.cpp
    task_table.cpp)
set(hooks broker_names amqp_hooks celery_hooks pika_hooks rq_hooks)
set(python_sources bootstrap ${hooks})
list(TRANSFORM python_sources APPEND .py)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${python_sources})
file(READ bootstrap.py INTERLEAVE_BOOTSTRAP)
set(INTERLEAVE_HOOKS "")
foreach(hook ${hooks})
    file(READ ${hook}.py text)
    string(APPEND INTERLEAVE_HOOKS "    {\"${hook}\", R\"hooks(${text})hooks\"},\n")
endforeach()
configure_file(bootstrap_source.h.in
    ${PROJECT_BINARY_DIR}/generated/engine/python/agent/bootstrap_source.h @ONLY)
include_directories(${PROJECT_BINARY_DIR}/generated)
