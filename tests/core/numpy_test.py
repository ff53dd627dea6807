"""NumPy's result of the article's function against Kernel::gaussian().

usage: numpy_test.py KERNEL_WEIGHTS_PROGRAM
"""

import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("python3-numpy is not installed")
    sys.exit(77)


def article(size, sigma):
    kernel = np.fromfunction(
        lambda x, y: (1 / (2 * np.pi * sigma**2))
        * np.exp(-((x - size // 2) ** 2 + (y - size // 2) ** 2)
                 / (2 * sigma**2)),
        (size, size))
    return kernel / np.sum(kernel)


def main():
    program = sys.argv[1]
    worst = 0
    for size in (1, 2, 3, 4, 5, 8, 21, 64, 101, 301):
        for sigma in (0.3, 1, 1.5, 5, 33, 1000):
            text = subprocess.run([program, str(size), repr(float(sigma))],
                                  check=True, capture_output=True,
                                  text=True).stdout
            weights = np.array([float.fromhex(word) for word in text.split()])
            assert len(weights) == size, (size, len(weights))
            expected = article(size, sigma)
            error = np.max(np.abs(np.outer(weights, weights) - expected))
            worst = max(worst, error / expected.max())
    print(f"largest difference: {worst:.2g} of the peak")
    return int(worst > 1e-15)


if __name__ == "__main__":
    sys.exit(main())
