// The buffer that one region of the result is written to: plain rows, where
// there are not too many.

#ifndef GK_PLUGIN_GEGL_REGION_BUFFER_H_
#define GK_PLUGIN_GEGL_REGION_BUFFER_H_

#include <gegl-plugin.h>

#include <cstddef>
#include <memory>
#include <mutex>

namespace gk {

struct FreeMemory {
  void operator()(std::byte* bytes) const;
};

struct MemoryBlock {
  std::unique_ptr<std::byte[], FreeMemory> bytes;
  std::size_t size = 0;
};

// The memory of one region, kept warm for the next: fresh pages cost more than
// the rows that fill them. For any number of threads.
class RegionMemory {
 public:
  // At least `size` bytes, aligned for vectors; none without enough memory.
  MemoryBlock take(std::size_t size);
  void give_back(MemoryBlock block);

 private:
  std::mutex mutex_;
  MemoryBlock kept_;
};

// GEGL clears each new tile, and then copies those that its regions cover only
// in part. Rows in one piece are neither cleared nor copied on the way in.
class RegionBuffer {
 public:
  // For `region` of `context`'s output. With a `format`, its pixels may be
  // written as rows of that format.
  RegionBuffer(GeglOperationContext* context, const GeglRectangle& region,
               const Babl* format, std::shared_ptr<RegionMemory> memory);
  ~RegionBuffer();
  RegionBuffer(const RegionBuffer&) = delete;
  RegionBuffer& operator=(const RegionBuffer&) = delete;

  const GeglRectangle& region() const { return region_; }
  // The region's first pixel; null if tiles() is to be written.
  std::byte* pixels() const { return block_.bytes.get(); }
  std::ptrdiff_t stride() const { return stride_; }
  GeglBuffer* tiles() const { return tiles_; }

  // Hands the rows on, every pixel of which is written. Without it the output
  // is empty.
  void finish();

 private:
  GeglOperationContext* context_;
  GeglRectangle region_;
  const Babl* format_;
  std::shared_ptr<RegionMemory> memory_;
  GeglBuffer* tiles_;
  MemoryBlock block_;
  std::ptrdiff_t stride_ = 0;
};

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_REGION_BUFFER_H_
