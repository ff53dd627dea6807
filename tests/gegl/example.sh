#!/bin/sh
# Blurs a picture with the exact 21 x 21 Gaussian kernel of sigma 4.5:
#   example.sh photo.png blurred.png
exec gegl "$1" -o "$2" -- gaussian-kernel:blur size=21 sigma=4.5
