// Cuts, threads, extents, borders: what depends on where a pixel lies.

#include <gegl-plugin.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <iterator>
#include <random>
#include <string>
#include <thread>

#include "core/simd_target.h"
#include "tests/gegl/blur_graph.h"

namespace gk {
namespace {

Settings blur_of(int size, int size_y, Border border) {
  Settings settings;
  settings.size = size;
  settings.sigma = std::max(1, size) / 4.0;
  settings.size_y = size_y;
  settings.sigma_y = std::max(1, size_y) / 3.0;
  settings.border = border;
  settings.method = Method::kExact;
  return settings;
}

GeglOperation* operation_of(GeglNode* node) {
  GeglOperation* operation = nullptr;
  g_object_get(node, "gegl-operation", &operation, nullptr);
  g_object_unref(operation);  // the node keeps it
  return operation;
}

// A part of `picture`, its bytes.
std::vector<std::byte> part(const Picture& picture, const GeglRectangle& area) {
  std::vector<std::byte> bytes;
  const std::ptrdiff_t pixel = picture.pixel_bytes();
  for (int y = area.y; y < area.y + area.height; ++y) {
    const auto first =
        picture.bytes.begin() +
        ((y - picture.extent.y) * std::ptrdiff_t{picture.extent.width} +
         area.x - picture.extent.x) *
            pixel;
    bytes.insert(bytes.end(), first, first + area.width * pixel);
  }
  return bytes;
}

class Threads {
 public:
  explicit Threads(int count) {
    g_object_get(gegl_config(), "threads", &before_, nullptr);
    g_object_set(gegl_config(), "threads", count, nullptr);
  }
  ~Threads() { g_object_set(gegl_config(), "threads", before_, nullptr); }

 private:
  int before_;
};

TEST(Regions, SameBitsForAnyNumberOfThreads) {
  for (const char* encoding : {"R'G'B'A u8", "R'G'B' u8", "RGBA float"}) {
    const Picture input = noise({-100, 50, 700, 500}, babl_format(encoding), 1);
    const BufferPointer buffer = input.buffer();
    const BufferPointer other = noise(input.extent, input.format, 15).buffer();
    const Settings settings = blur_of(9, 6, Border::kMirror);
    Picture results[3];
    const int counts[] = {1, 2, 4};
    for (int i = 0; i < 3; ++i) {
      const Threads threads(counts[i]);
      // Memory that is used again must not hold the right pixels already.
      BlurGraph(other.get(), settings).render();
      results[i] = BlurGraph(buffer.get(), settings).render();
    }
    EXPECT_EQ(results[0].bytes, results[1].bytes) << encoding;
    EXPECT_EQ(results[0].bytes, results[2].bytes) << encoding;
  }
}

TEST(Regions, SameBitsForAnyCut) {
  for (const char* encoding : {"R'G'B'A u8", "Y' u16", "RGB float"}) {
    const Picture input = noise({7, -9, 300, 200}, babl_format(encoding), 2);
    const BufferPointer buffer = input.buffer();
    for (const Border border : kEveryBorder) {
      const BlurGraph graph(buffer.get(), blur_of(15, 8, border));
      const Picture whole = graph.render();
      std::mt19937 random(3);
      for (int i = 0; i < 12; ++i) {
        const auto below = [&](int n) {
          return static_cast<int>(random() % n);
        };
        GeglRectangle area{7 + below(250), -9 + below(150), 0, 0};
        area.width = 1 + below(307 - area.x);
        area.height = 1 + below(191 - area.y);
        EXPECT_EQ(graph.render(area).bytes, part(whole, area))
            << encoding << ", " << word_for(border);
      }
    }
  }
}

// Runs once more for each GEGL_CHUNK_SIZE that the build file sets.
TEST(Regions, SameBitsInChunks) {
  const Picture input = noise({0, 0, 640, 480}, babl_format("R'G'B'A u8"), 4);
  const BufferPointer buffer = input.buffer();
  const BlurGraph graph(buffer.get(), blur_of(31, 31, Border::kClamp));
  const Picture chunked = graph.render();  // by way of a GeglProcessor
  std::vector<std::byte> whole(chunked.bytes.size());
  gegl_node_blit(graph.blur(), 1.0, &input.extent, input.format, whole.data(),
                 GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  EXPECT_EQ(chunked.bytes, whole);
}

double largest_difference(const Picture& a, const Picture& b) {
  EXPECT_EQ(a.bytes.size(), b.bytes.size());
  double largest = 0;
  for (std::size_t i = 0; i < std::min(a.bytes.size(), b.bytes.size());
       i += sizeof(float)) {
    float x, y;
    std::memcpy(&x, &a.bytes[i], sizeof x);
    std::memcpy(&y, &b.bytes[i], sizeof y);
    largest = std::max(largest, std::fabs(double{x} - y));
  }
  return largest;
}

constexpr double kFastBound = 5e-6;

TEST(Regions, MethodReachesThePixels) {
  const Picture input = noise({0, 0, 150, 120}, babl_format("RGB float"), 6);
  const BufferPointer buffer = input.buffer();
  const auto blurred = [&](int size, Method method) {
    Settings settings = blur_of(size, size, Border::kClamp);
    settings.method = method;
    return BlurGraph(buffer.get(), settings).render();
  };
  const Picture exact = blurred(61, Method::kExact);
  const Picture fast = blurred(61, Method::kFast);
  EXPECT_NE(fast.bytes, exact.bytes);
  EXPECT_LE(largest_difference(fast, exact), kFastBound);
  EXPECT_EQ(blurred(61, Method::kAuto).bytes, fast.bytes);
  const Picture small = blurred(7, Method::kExact);
  EXPECT_NE(blurred(7, Method::kFast).bytes, small.bytes);
  EXPECT_EQ(blurred(7, Method::kAuto).bytes, small.bytes);
}

TEST(Regions, FastAgreesHoweverItIsCut) {
  for (const char* encoding : {"Y float", "RGB float", "RaGaBaA float"}) {
    const Picture input = noise({-50, 9, 700, 500}, babl_format(encoding), 7);
    const BufferPointer buffer = input.buffer();
    Settings settings = blur_of(41, 61, Border::kMirror);
    settings.method = Method::kFast;
    const BlurGraph graph(buffer.get(), settings);
    const Picture whole = graph.render();
    for (const int count : {2, 4}) {
      const Threads threads(count);
      EXPECT_LE(largest_difference(graph.render(), whole), kFastBound)
          << encoding << ", " << count << " threads";
    }
    for (const GeglRectangle area :
         {GeglRectangle{-50, 9, 64, 64}, GeglRectangle{200, 100, 128, 64},
          GeglRectangle{137, 250, 513, 259}}) {
      Picture cut = graph.render(area);
      Picture same = cut;
      same.bytes = part(whole, area);
      EXPECT_LE(largest_difference(cut, same), kFastBound) << encoding;
    }
  }
}

// Runs with the GK_SIMD_TARGET that the build file sets.
TEST(Regions, TargetThatIsAskedForIsInForce) {
  const char* target = g_getenv("GK_SIMD_TARGET");
  if (target == nullptr) GTEST_SKIP() << "GK_SIMD_TARGET is not set";
  const auto known = simd_targets();
  if (std::find(known.begin(), known.end(), target) == known.end()) {
    GTEST_SKIP() << target << " is not among this CPU's";
  }
  class Rows : public Destination {
   public:
    explicit Rows(Picture& picture) : picture_(picture) {}
    std::byte* row(int y) override {
      return picture_.bytes.data() +
             std::ptrdiff_t{y} * picture_.extent.width * picture_.pixel_bytes();
    }
    void write(Rect, const std::byte*, std::ptrdiff_t) override {}

   private:
    Picture& picture_;
  };
  const Picture input = noise({0, 0, 90, 70}, babl_format("RGB float"), 8);
  const BufferPointer buffer = input.buffer();
  const Settings settings = blur_of(31, 31, Border::kClamp);
  const Convolver convolver(
      horizontal_kernel(settings), vertical_kernel(settings), settings.border,
      {Component::kFloat, 3, Alpha::kNone, ToneCurve::kLinear}, Light::kLinear,
      Method::kExact);
  // First: Highway keeps one choice for all of a process.
  const Picture blurred = BlurGraph(buffer.get(), settings).render();
  const auto computed_here = [&](std::string_view name) {
    EXPECT_TRUE(force_simd_target(name));
    Picture result = input;
    PictureSource source(input);
    Rows rows(result);
    EXPECT_TRUE(convolver.run(source, {0, 0, 90, 70}, rows));
    return result.bytes;
  };
  const auto best = computed_here({});
  const auto wanted = computed_here(target);  // in force again
  EXPECT_EQ(blurred.bytes, wanted);
  if (wanted == best) GTEST_SKIP() << target << " rounds as the best one does";
}

TEST(Regions, EveryBorderAgainstTheDefinition) {
  for (const GeglRectangle extent :
       {GeglRectangle{0, 0, 1, 1}, GeglRectangle{-3, 5, 1, 7},
        GeglRectangle{100, -200, 9, 1}, GeglRectangle{-40, -30, 23, 19}}) {
    for (const char* encoding : {"Y float", "RGBA float"}) {
      const bool alpha = encoding[0] == 'R';
      const Picture input = noise(extent, babl_format(encoding), 5);
      const BufferPointer buffer = input.buffer();
      for (const Border border : kEveryBorder) {
        for (const bool clip : {true, false}) {
          SCOPED_TRACE(std::string(encoding) + ", " + word_for(border) +
                       (clip ? "" : ", grown"));
          const Settings settings = blur_of(13, 6, border);
          const BlurGraph graph(buffer.get(), settings, clip);
          const GeglRectangle box = graph.bounding_box();
          const GeglRectangle expected_box =
              clip ? extent
                   : GeglRectangle{extent.x - 6, extent.y - 3,
                                   extent.width + 12, extent.height + 6};
          ASSERT_TRUE(gegl_rectangle_equal(&box, &expected_box));
          const Picture output = graph.render();
          const auto exact = exact_blur(
              input,
              {Component::kFloat, alpha ? 4 : 1,
               alpha ? Alpha::kStraight : Alpha::kNone, ToneCurve::kLinear},
              Light::kLinear, settings, box);
          const auto* values =
              reinterpret_cast<const float*>(output.bytes.data());
          double worst = 0;
          for (std::size_t i = 0; i < exact.size(); ++i) {
            worst = std::max(worst, std::fabs(values[i] - exact[i]));
          }
          EXPECT_LE(worst, 1e-6);
        }
      }
    }
  }
}

TEST(Regions, RequiredRegionHoldsEverythingThatIsRead) {
  std::mt19937 random(6);
  const auto between = [&](int low, int high) {
    return low + static_cast<int>(random() % (high - low + 1));
  };
  for (int i = 0; i < 300; ++i) {
    const GeglRectangle extent{between(-50, 50), between(-50, 50),
                               between(1, 40), between(1, 40)};
    const Border border = kEveryBorder[between(0, std::size(kEveryBorder) - 1)];
    const Settings settings = blur_of(between(1, 60), between(1, 30), border);
    const bool clip = between(0, 1) != 0;
    const Picture input = noise(extent, babl_format("Y float"), i);
    const BufferPointer buffer = input.buffer();
    const BlurGraph graph(buffer.get(), settings, clip);
    const GeglRectangle box = graph.bounding_box();
    GeglRectangle area{between(box.x, box.x + box.width - 1),
                       between(box.y, box.y + box.height - 1), 0, 0};
    area.width = between(1, box.x + box.width - area.x);
    area.height = between(1, box.y + box.height - area.y);
    const GeglRectangle required = gegl_operation_get_required_for_output(
        operation_of(graph.blur()), "input", &area);
    const Picture expected = graph.render(area);

    Picture spoilt = input;
    for (int y = 0; y < extent.height; ++y) {
      for (int x = 0; x < extent.width; ++x) {
        const GeglRectangle pixel{extent.x + x, extent.y + y, 1, 1};
        if (gegl_rectangle_contains(&required, &pixel)) continue;
        const float poison = 1e6f;
        std::memcpy(&spoilt.bytes[(y * extent.width + x) * sizeof(float)],
                    &poison, sizeof poison);
      }
    }
    const BufferPointer spoilt_buffer = spoilt.buffer();
    const BlurGraph spoilt_graph(spoilt_buffer.get(), settings, clip);
    EXPECT_EQ(spoilt_graph.render(area).bytes, expected.bytes)
        << word_for(border) << ", case " << i;
    if (clip && border != Border::kLoop && border != Border::kMirror) {
      // Nor is much more asked for than is read.
      EXPECT_LE(required.width, area.width + settings.size);
      EXPECT_LE(required.height, area.height + settings.size_y);
    }
  }
}

TEST(Regions, InvalidatedRegionHoldsEverythingThatChanges) {
  std::mt19937 random(7);
  const auto between = [&](int low, int high) {
    return low + static_cast<int>(random() % (high - low + 1));
  };
  for (int i = 0; i < 300; ++i) {
    const GeglRectangle extent{between(-50, 50), between(-50, 50),
                               between(1, 40), between(1, 40)};
    const Border border = kEveryBorder[between(0, std::size(kEveryBorder) - 1)];
    const Settings settings = blur_of(between(1, 60), between(1, 30), border);
    const bool clip = between(0, 1) != 0;
    Picture input = noise(extent, babl_format("Y float"), i);
    const BufferPointer before_buffer = input.buffer();
    const BlurGraph before(before_buffer.get(), settings, clip);
    const Picture old = before.render();
    const GeglRectangle pixel{between(extent.x, extent.x + extent.width - 1),
                              between(extent.y, extent.y + extent.height - 1),
                              1, 1};
    const GeglRectangle invalidated = gegl_operation_get_invalidated_by_change(
        operation_of(before.blur()), "input", &pixel);
    const float bright = 1e6f;
    std::memcpy(
        &input
             .bytes[((pixel.y - extent.y) * extent.width + pixel.x - extent.x) *
                    sizeof(float)],
        &bright, sizeof bright);
    const BufferPointer after_buffer = input.buffer();
    const Picture now = BlurGraph(after_buffer.get(), settings, clip).render();
    for (int y = 0; y < old.extent.height; ++y) {
      for (int x = 0; x < old.extent.width; ++x) {
        const std::size_t at = (y * old.extent.width + x) * sizeof(float);
        if (std::memcmp(&old.bytes[at], &now.bytes[at], sizeof(float)) == 0) {
          continue;
        }
        const GeglRectangle changed{old.extent.x + x, old.extent.y + y, 1, 1};
        ASSERT_TRUE(gegl_rectangle_contains(&invalidated, &changed))
            << word_for(border) << ", case " << i;
      }
    }
  }
}

// The test above would pass if everything were always invalidated.
TEST(Regions, InvalidatedRegionIsNoLargerThanTheKernel) {
  const Picture input =
      noise({-20, 30, 100, 80}, babl_format("R'G'B'A u8"), 12);
  const BufferPointer buffer = input.buffer();
  for (const Border border : kEveryBorder) {
    for (const bool clip : {true, false}) {
      const BlurGraph graph(buffer.get(), blur_of(9, 6, border), clip);
      graph.render({0, 40, 1, 1});
      // In the middle; and near an edge, which few borders care about.
      for (const int x : {25, -15}) {
        if (x < 0 && (border == Border::kLoop || border == Border::kMirror)) {
          continue;
        }
        const GeglRectangle pixel{x, 70, 1, 1};
        const GeglRectangle invalidated =
            gegl_operation_get_invalidated_by_change(operation_of(graph.blur()),
                                                     "input", &pixel);
        const GeglRectangle expected{x - 4, 67, 9, 6};
        EXPECT_TRUE(gegl_rectangle_equal(&invalidated, &expected))
            << word_for(border) << (clip ? "" : ", grown") << ": "
            << invalidated.x << ',' << invalidated.y << ' ' << invalidated.width
            << 'x' << invalidated.height;
      }
    }
  }
}

// An infinite plane has no border: any part of it looks like the same part of a
// picture that is large enough.
TEST(Regions, InfinitePlane) {
  const NodePointer graph(gegl_node_new());
  GeglNode* plane = gegl_node_new_child(
      graph.get(), "operation", "gegl:checkerboard", "x", 5, "y", 7, nullptr);
  GeglNode* blur = gegl_node_new_child(
      graph.get(), "operation", "gaussian-kernel:blur", "size", 21, "sigma",
      4.0, "method", static_cast<int>(Method::kExact), nullptr);
  gegl_node_link(plane, blur);
  const GeglRectangle box = gegl_node_get_bounding_box(blur);
  EXPECT_TRUE(gegl_rectangle_is_infinite_plane(&box));

  GeglNode* crop = gegl_node_new_child(graph.get(), "operation", "gegl:crop",
                                       "x", -3000.0, "y", -3000.0, "width",
                                       6000.0, "height", 6000.0, nullptr);
  GeglNode* cropped_blur = gegl_node_new_child(
      graph.get(), "operation", "gaussian-kernel:blur", "size", 21, "sigma",
      4.0, "method", static_cast<int>(Method::kExact), nullptr);
  gegl_node_link_many(plane, crop, cropped_blur, nullptr);

  const Babl* format = babl_format("RGBA float");
  for (const Border border : kEveryBorder) {
    gegl_node_set(blur, "abyss-policy", static_cast<int>(border), nullptr);
    for (const GeglRectangle area : {GeglRectangle{-64, -64, 128, 128},
                                     GeglRectangle{1000, -2000, 50, 9}}) {
      std::vector<float> endless(area.width * area.height * 4);
      std::vector<float> bounded(endless.size());
      gegl_node_blit(blur, 1.0, &area, format, endless.data(),
                     GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
      gegl_node_blit(cropped_blur, 1.0, &area, format, bounded.data(),
                     GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
      EXPECT_EQ(endless, bounded) << word_for(border);
      EXPECT_NE(endless.front(), endless.back()) << word_for(border);
    }
  }
}

TEST(Regions, FarFromTheOrigin) {
  for (const int origin : {1 << 28, -(1 << 28), 600'000'000, -600'000'000}) {
    const Picture near = noise({0, 0, 20, 20}, babl_format("Y float"), 8);
    Picture far = near;
    far.extent.x = far.extent.y = origin;
    const BufferPointer near_buffer = near.buffer();
    const BufferPointer far_buffer = far.buffer();
    const Settings settings = blur_of(5, 5, Border::kBlack);
    const auto middle = [&](const Picture& input, GeglBuffer* buffer) {
      const BlurGraph graph(buffer, settings);
      const GeglRectangle area{input.extent.x + 5, input.extent.y + 5, 10, 10};
      std::vector<float> values(100);
      gegl_node_blit(graph.blur(), 1.0, &area, babl_format("Y float"),
                     values.data(), GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
      return values;
    };
    EXPECT_EQ(middle(near, near_buffer.get()), middle(far, far_buffer.get()))
        << origin;
  }
}

TEST(Regions, InputWithoutPixels) {
  const GeglRectangle nothing{0, 0, 0, 0};
  const BufferPointer buffer(
      gegl_buffer_new(&nothing, babl_format("R'G'B'A u8")));
  for (const bool clip : {true, false}) {
    const BlurGraph graph(buffer.get(), {}, clip);
    const GeglRectangle box = graph.bounding_box();
    EXPECT_TRUE(gegl_rectangle_is_empty(&box));
  }
  // Nothing connected at all.
  const NodePointer node(gegl_node_new());
  GeglNode* blur = gegl_node_new_child(node.get(), "operation",
                                       "gaussian-kernel:blur", nullptr);
  const GeglRectangle box = gegl_node_get_bounding_box(blur);
  EXPECT_TRUE(gegl_rectangle_is_empty(&box));
  const GeglRectangle area{0, 0, 4, 4};
  std::vector<float> values(4 * 4 * 4, 7.0f);
  gegl_node_blit(blur, 1.0, &area, babl_format("RGBA float"), values.data(),
                 GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  for (const float value : values) EXPECT_TRUE(value == 0 || value == 7);
}

// Half the size at level 1: GEGL asks for it where GEGL_MIPMAP_RENDERING is
// set.
TEST(Regions, SmallerLevelsBlurLessPixels) {
  Picture input{{0, 0, 128, 128}, babl_format("Y float"), {}};
  std::vector<float> ramp;
  for (int i = 0; i < 128 * 128; ++i) ramp.push_back(i % 128 < 64 ? 0 : 1);
  input.bytes.resize(ramp.size() * sizeof(float));
  std::memcpy(input.bytes.data(), ramp.data(), input.bytes.size());
  const BufferPointer buffer = input.buffer();
  Settings settings;
  settings.sigma = 6;
  const BlurGraph graph(buffer.get(), settings);
  const GeglRectangle small{0, 0, 64, 64};
  std::vector<float> values(64 * 64);
  gegl_node_blit(graph.blur(), 0.5, &small, input.format, values.data(),
                 GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  const Picture whole = graph.render();
  const float* full = reinterpret_cast<const float*>(whole.bytes.data());
  for (int x = 4; x < 60; ++x) {
    const float mean =
        (full[64 * 128 + 2 * x] + full[64 * 128 + 2 * x + 1]) / 2;
    EXPECT_NEAR(values[32 * 64 + x], mean, 0.03) << x;
  }
}

TEST(Regions, ChangedPropertiesTakeEffect) {
  const Picture input = noise({0, 0, 30, 30}, babl_format("R'G'B' u8"), 9);
  const BufferPointer buffer = input.buffer();
  BlurGraph graph(buffer.get(), blur_of(3, 3, Border::kClamp));
  const Picture small = graph.render();
  graph.set(blur_of(9, 9, Border::kClamp));
  const Picture large = graph.render();
  EXPECT_NE(small.bytes, large.bytes);
  graph.set(blur_of(3, 3, Border::kClamp));
  EXPECT_EQ(graph.render().bytes, small.bytes);
  gegl_node_set(graph.blur(), "sigma", 0.0, "sigma-y", 0.0, nullptr);
  EXPECT_EQ(graph.render().bytes, input.bytes);
}

// Graphs of several threads, all reading one buffer, change their settings
// between renders.
TEST(Regions, ThreadsKeepTheirOwnSettings) {
  const Picture input = noise({0, 0, 90, 70}, babl_format("R'G'B'A u8"), 13);
  const BufferPointer buffer = input.buffer();
  const Settings settings[] = {blur_of(5, 5, Border::kClamp),
                               blur_of(31, 8, Border::kMirror),
                               blur_of(2, 64, Border::kLoop)};
  Picture expected[3];
  for (int i = 0; i < 3; ++i) {
    expected[i] = BlurGraph(buffer.get(), settings[i]).render();
  }
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      BlurGraph graph(buffer.get(), settings[t % 3]);
      for (int i = t; i < t + 12; ++i) {
        graph.set(settings[i % 3]);
        if (graph.render().bytes != expected[i % 3].bytes) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// What one render shows is one state of the properties, on all of GEGL's
// threads, whenever the operation is prepared anew. Notifications are frozen:
// GEGL's own nodes bear none from another thread.
TEST(Regions, ChangesDuringARenderDoNotTear) {
  const Threads pool(4);
  const Picture input = noise({0, 0, 400, 300}, babl_format("R'G'B' u8"), 14);
  const BufferPointer buffer = input.buffer();
  const int borders[] = {static_cast<int>(Border::kClamp),
                         static_cast<int>(Border::kWhite)};
  const BlurGraph graph(buffer.get(), blur_of(25, 25, Border::kClamp));
  Picture expected[2];
  for (int i = 0; i < 2; ++i) {
    gegl_node_set(graph.blur(), "abyss-policy", borders[i], nullptr);
    expected[i] = graph.render();
  }
  ASSERT_NE(expected[0].bytes, expected[1].bytes);
  GeglOperation* operation = operation_of(graph.blur());
  g_object_freeze_notify(G_OBJECT(operation));
  std::atomic<bool> done = false;
  std::thread changer([&] {
    for (int i = 0; !done; ++i) {
      g_object_set(operation, "abyss-policy", borders[i % 2], nullptr);
      GEGL_OPERATION_GET_CLASS(operation)->prepare(operation);
      std::this_thread::yield();
    }
  });
  int torn = 0;
  for (int i = 0; i < 60; ++i) {
    const Picture now = graph.render(input.extent);
    if (now.bytes != expected[0].bytes && now.bytes != expected[1].bytes) {
      ++torn;
    }
  }
  done = true;
  changer.join();
  g_object_thaw_notify(G_OBJECT(operation));
  EXPECT_EQ(torn, 0);
}

TEST(Regions, ChangedInputTakesEffect) {
  const Picture small = noise({0, 0, 30, 30}, babl_format("R'G'B' u8"), 10);
  const Picture large = noise({-9, 4, 50, 20}, babl_format("Y' u16"), 11);
  const BufferPointer small_buffer = small.buffer();
  const BufferPointer large_buffer = large.buffer();
  const Settings settings = blur_of(7, 7, Border::kLoop);
  const BlurGraph graph(small_buffer.get(), settings);
  graph.render();
  gegl_node_set(graph.source(), "buffer", large_buffer.get(), nullptr);
  const Picture expected = BlurGraph(large_buffer.get(), settings).render();
  EXPECT_EQ(graph.render().format, expected.format);
  EXPECT_EQ(graph.render().bytes, expected.bytes);
}

}  // namespace
}  // namespace gk
