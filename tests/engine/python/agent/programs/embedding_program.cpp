// SPDX-License-Identifier: GPL-3.0-or-later
// A program that loads a Python for itself, privately: first argument the library, second the
// source.
#include <cstdio>
#include <dlfcn.h>

int main(int count, char** arguments) {
    if (count < 3) {
        return 9;
    }
    void* const python = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (python == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 8;
    }
    const auto initialize = reinterpret_cast<void (*)()>(dlsym(python, "Py_Initialize"));
    const auto run = reinterpret_cast<int (*)(const char*)>(dlsym(python, "PyRun_SimpleString"));
    const auto finalize = reinterpret_cast<int (*)()>(dlsym(python, "Py_FinalizeEx"));
    if (initialize == nullptr || run == nullptr || finalize == nullptr) {
        return 7;
    }
    initialize();
    const int result = run(arguments[2]);
    return finalize() == 0 ? result : 6;
}
