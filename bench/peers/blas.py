"""Which BLAS this process computes with: it decides how fast a matrix product is."""

import ctypes
import re

import numpy as np


def loaded_blas():
    """Name, version and processor kernels of a loaded OpenBLAS; of another library, its file. Looks on Linux only."""
    # A library may load its BLAS with the first product.
    np.ones((2, 2), np.float32) @ np.ones((2, 2), np.float32)
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            loaded = sorted(set(re.findall(r"/\S*(?:openblas|blas|mkl_rt)\S*", maps.read())))
    except OSError:
        return "a BLAS that is not told here"
    for path in loaded:
        library = ctypes.CDLL(path)
        # The wheels of NumPy bring an OpenBLAS whose functions have names of their own.
        for name in ["openblas_get_config", "openblas_get_config64_", "scipy_openblas_get_config64_"]:
            config = getattr(library, name, None)
            if config:
                config.restype = ctypes.c_char_p
                words = config().decode().split()
                return " ".join([*words[:2], *words[-2:-1]])
    return ", ".join(path.rsplit("/", 1)[1] for path in loaded) or "a BLAS of its own"
