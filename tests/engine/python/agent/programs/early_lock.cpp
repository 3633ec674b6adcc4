// SPDX-License-Identifier: GPL-3.0-or-later
// A library whose constructor runs before the agent's and takes a lock.
#include <pthread.h>

extern "C" pthread_mutex_t earlyMutex;
pthread_mutex_t earlyMutex = PTHREAD_MUTEX_INITIALIZER;

[[gnu::constructor]] static void lockEarly() {
    pthread_mutex_lock(&earlyMutex);
}
