"""The library as a Conan 2 package. Run in a checkout: conan create scripts/packaging/conan"""

import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir


class AsyncioConan(ConanFile):
    name = "asyncio"
    version = "0.1.0"
    description = "asyncio for C++20: an event loop, coroutines and tasks in Python's order"
    license = "MIT"
    topics = ("coroutines", "asyncio", "event-loop")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True}
    implements = ["auto_shared_fpic"]

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE", "lib/*", "scripts/packaging/*"):
            copy(self, pattern, root, self.export_sources_folder)

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os == "Windows":
            raise ConanInvalidConfiguration("asyncio is for POSIX systems")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for option in ("ASYNCIO_BUILD_APP", "ASYNCIO_BUILD_TESTS", "ASYNCIO_BUILD_BENCH"):
            toolchain.variables[option] = False
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        for folder in ("cmake", "pkgconfig"):  # Conan writes its own
            rmdir(self, os.path.join(self.package_folder, "lib", folder))

    def package_info(self):
        self.cpp_info.libs = ["asyncio"]
        self.cpp_info.set_property("cmake_file_name", "asyncio")
        self.cpp_info.set_property("cmake_target_name", "asyncio::asyncio")
        self.cpp_info.set_property("pkg_config_name", "asyncio")
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
