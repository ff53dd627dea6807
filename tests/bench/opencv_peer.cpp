#include <opencv2/imgproc.hpp>

#include "tests/bench/core_runs.h"

namespace gk::bench {
namespace {

int matrix_type(const PixelFormat& format) {
  switch (format.component) {
    case Component::kU8:
      return CV_MAKETYPE(CV_8U, format.channels);
    case Component::kU16:
      return CV_MAKETYPE(CV_16U, format.channels);
    case Component::kFloat:
      return CV_MAKETYPE(CV_32F, format.channels);
    case Component::kHalf:
      break;
  }
  return -1;
}

}  // namespace

bool has_peers() { return true; }

bool run_peer(Peer peer, int size, double sigma,
              const support::MemoryImage& from, support::MemoryImage& to) {
  const int type = matrix_type(from.format());
  if (type < 0 || size % 2 == 0) return false;
  cv::setNumThreads(1);
  // OpenCV writes to no constant matrix, but has no type for one.
  const cv::Mat source(from.area().height, from.area().width, type,
                       const_cast<std::byte*>(from.bytes().data()));
  cv::Mat result(to.area().height, to.area().width, type, to.bytes().data());
  if (peer == Peer::kGaussianBlur) {
    cv::GaussianBlur(source, result, {size, size}, sigma, sigma,
                     cv::BORDER_REPLICATE);
  } else {
    const cv::Mat kernel = cv::getGaussianKernel(size, sigma, CV_32F);
    cv::sepFilter2D(source, result, -1, kernel, kernel, {-1, -1}, 0,
                    cv::BORDER_REPLICATE);
  }
  return true;
}

}  // namespace gk::bench
