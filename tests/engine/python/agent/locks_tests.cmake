# SPDX-License-Identifier: GPL-3.0-or-later
# Locks and blocking calls of real programs, in C++ and in Python.
add_library(early_lock SHARED programs/early_lock.cpp)
add_executable(locks_program programs/locks_program.cpp)
target_compile_options(locks_program PRIVATE -Wall -Wextra)
target_link_libraries(locks_program PRIVATE early_lock Threads::Threads)

add_module_test(agent_locks LABEL unit TIMEOUT 180
    SOURCES lock_history.cpp pthread_locks_test.cpp python_locks_test.cpp calls_test.cpp
    DEPENDS support::recorded_program)
add_dependencies(agent_locks_tests locks_program)
target_compile_definitions(agent_locks_tests PRIVATE LOCKS_PROGRAM="$<TARGET_FILE:locks_program>")
