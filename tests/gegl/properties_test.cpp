// The properties of both operations: ranges, defaults, words.

#include <gegl-plugin.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "tests/gegl/blur_graph.h"

namespace gk {
namespace {

using parameters::kBlurOperation;
using parameters::kMatrixOperation;

class Node {
 public:
  explicit Node(const char* operation)
      : graph_(gegl_node_new()),
        node_(gegl_node_new_child(graph_.get(), "operation", operation,
                                  nullptr)) {}
  GeglNode* get() const { return node_; }
  int integer(const char* name) const {
    int value = 0;
    gegl_node_get(node_, name, &value, nullptr);
    return value;
  }
  double real(const char* name) const {
    double value = 0;
    gegl_node_get(node_, name, &value, nullptr);
    return value;
  }

 private:
  NodePointer graph_;
  GeglNode* node_;
};

TEST(Properties, Defaults) {
  for (const char* operation : {kBlurOperation, kMatrixOperation}) {
    const Node node(operation);
    EXPECT_EQ(node.integer("size"), 0);
    EXPECT_EQ(node.real("sigma"), 1.0);
    EXPECT_EQ(node.integer("size-y"), -1);
    EXPECT_EQ(node.real("sigma-y"), -1.0);
  }
  const Node node(kBlurOperation);
  EXPECT_EQ(node.integer("abyss-policy"), static_cast<int>(Border::kClamp));
  EXPECT_EQ(node.integer("light"), static_cast<int>(Light::kLinear));
  EXPECT_EQ(node.integer("method"), static_cast<int>(Method::kAuto));
  EXPECT_EQ(node.integer("clip-extent"), TRUE);
}

TEST(Properties, OutOfRangeBecomesTheNearestAllowed) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const char* operation : {kBlurOperation, kMatrixOperation}) {
    const Node node(operation);
    const auto size = [&](const char* name, int value) {
      gegl_node_set(node.get(), name, value, nullptr);
      return node.integer(name);
    };
    const auto sigma = [&](const char* name, double value) {
      gegl_node_set(node.get(), name, value, nullptr);
      return node.real(name);
    };
    EXPECT_EQ(size("size", 8191), 8191);
    EXPECT_EQ(size("size", -1), 0);
    EXPECT_EQ(size("size", 8192), 8191);
    EXPECT_EQ(size("size", std::numeric_limits<int>::max()), 8191);
    EXPECT_EQ(size("size", std::numeric_limits<int>::min()), 0);
    EXPECT_EQ(size("size-y", -2), -1);
    EXPECT_EQ(size("size-y", 1 << 20), 8191);
    EXPECT_EQ(sigma("sigma", -0.5), 0);
    EXPECT_EQ(sigma("sigma", 1e9), 1000);
    EXPECT_EQ(sigma("sigma", infinity), 1000);
    EXPECT_EQ(sigma("sigma", -infinity), 0);
    EXPECT_EQ(sigma("sigma", std::nan("")), 0);
    EXPECT_EQ(sigma("sigma-y", -7), -1);
    EXPECT_EQ(sigma("sigma-y", 1e300), 1000);
    EXPECT_EQ(sigma("sigma-y", std::nan("")), 0);
  }
}

TEST(Properties, OutOfRangeWhileTheNodeIsMade) {
  const NodePointer graph(gegl_node_new());
  GeglNode* node =
      gegl_node_new_child(graph.get(), "operation", kBlurOperation, "size",
                          9000, "sigma", std::nan(""), nullptr);
  int size = 0;
  double sigma = 1;
  gegl_node_get(node, "size", &size, "sigma", &sigma, nullptr);
  EXPECT_EQ(size, 8191);
  EXPECT_EQ(sigma, 0);
}

TEST(Properties, WordsNameValues) {
  const Node node(kBlurOperation);
  const auto check = [&](const char* name, const auto& words) {
    GParamSpec* spec = gegl_operation_find_property(kBlurOperation, name);
    ASSERT_TRUE(G_IS_PARAM_SPEC_ENUM(spec));
    const GEnumClass* values = G_PARAM_SPEC_ENUM(spec)->enum_class;
    EXPECT_EQ(values->n_values, std::size(words));
    for (const auto& word : words) {
      const GEnumValue* value =
          g_enum_get_value_by_nick(const_cast<GEnumClass*>(values), word.nick);
      ASSERT_NE(value, nullptr) << word.nick;
      EXPECT_EQ(value->value, static_cast<int>(word.value));
      gegl_node_set(node.get(), name, value->value, nullptr);
      EXPECT_EQ(node.integer(name), value->value) << word.nick;
    }
  };
  check("abyss-policy", parameters::kBorders);
  check("light", parameters::kLights);
  check("method", parameters::kMethods);
}

TEST(Properties, EveryOneIsDescribed) {
  for (const char* operation : {kBlurOperation, kMatrixOperation}) {
    for (const char* key : {"title", "categories", "description"}) {
      const char* text = gegl_operation_get_key(operation, key);
      EXPECT_TRUE(text != nullptr && *text != '\0') << operation << key;
    }
    // With this key GEGL hides the operation from most programs.
    EXPECT_EQ(gegl_operation_get_key(operation, "license"), nullptr);
    EXPECT_EQ(gegl_operation_get_key(operation, "gimp:menu-path"), nullptr);
    guint count = 0;
    GParamSpec** specs = gegl_operation_list_properties(operation, &count);
    EXPECT_GE(count, 5u);
    for (guint i = 0; i < count; ++i) {
      const char* blurb = g_param_spec_get_blurb(specs[i]);
      EXPECT_TRUE(blurb != nullptr && *blurb != '\0') << specs[i]->name;
      EXPECT_EQ(std::string(g_param_spec_get_nick(specs[i])).find('_'),
                std::string::npos);
    }
    g_free(specs);
  }
}

TEST(Properties, AutomaticSizeIsEachAxisOwn) {
  const Node node(kMatrixOperation);
  gegl_node_set(node.get(), "sigma", 2.5, "sigma-y", 1.0, nullptr);
  GeglRectangle box = gegl_node_get_bounding_box(node.get());
  EXPECT_EQ(box.width, 21);
  EXPECT_EQ(box.height, 9);
  gegl_node_set(node.get(), "size", 6, nullptr);
  box = gegl_node_get_bounding_box(node.get());
  EXPECT_EQ(box.width, 6);
  EXPECT_EQ(box.height, 6);
  gegl_node_set(node.get(), "size-y", 0, nullptr);
  box = gegl_node_get_bounding_box(node.get());
  EXPECT_EQ(box.height, 9);
}

std::vector<float> pixels(GeglNode* node, const GeglRectangle& area) {
  std::vector<float> values(area.width * area.height);
  gegl_node_blit(node, 1.0, &area, babl_format("Y float"), values.data(),
                 GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  return values;
}

TEST(Matrix, IsTheKernel) {
  for (const auto& [size, sigma, size_y, sigma_y] :
       {std::tuple{1, 1.0, -1, -1.0}, std::tuple{21, 4.5, -1, -1.0},
        std::tuple{8, 1.5, 5, 3.0}, std::tuple{0, 2.0, 0, 1.0},
        std::tuple{7, 0.0, -1, -1.0}}) {
    const Node node(kMatrixOperation);
    gegl_node_set(node.get(), "size", size, "sigma", sigma, "size-y", size_y,
                  "sigma-y", sigma_y, nullptr);
    Settings settings;
    settings.size = size;
    settings.sigma = sigma;
    settings.size_y = size_y;
    settings.sigma_y = sigma_y;
    const Kernel horizontal = horizontal_kernel(settings);
    const Kernel vertical = vertical_kernel(settings);
    const GeglRectangle box = gegl_node_get_bounding_box(node.get());
    ASSERT_EQ(box.x, 0);
    ASSERT_EQ(box.y, 0);
    ASSERT_EQ(box.width, horizontal.size());
    ASSERT_EQ(box.height, vertical.size());
    GParamSpec* spec =
        gegl_operation_find_property(kMatrixOperation, "scale-to");
    for (const char* scale_to : {"sum", "peak"}) {
      const GEnumValue* word = g_enum_get_value_by_nick(
          G_PARAM_SPEC_ENUM(spec)->enum_class, scale_to);
      ASSERT_NE(word, nullptr);
      gegl_node_set(node.get(), "scale-to", word->value, nullptr);
      const double peak = horizontal.weights()[horizontal.anchor()] *
                          vertical.weights()[vertical.anchor()];
      const double scale = scale_to[0] == 's' ? 1 : 1 / peak;
      const std::vector<float> values = pixels(node.get(), box);
      for (int y = 0; y < box.height; ++y) {
        for (int x = 0; x < box.width; ++x) {
          const double weight =
              scale * horizontal.weights()[x] * vertical.weights()[y];
          EXPECT_NEAR(values[y * box.width + x], weight, 1e-7 * weight);
        }
      }
    }
  }
}

TEST(Matrix, LargestByTheRow) {
  const Node node(kMatrixOperation);
  gegl_node_set(node.get(), "size", 8191, "sigma", 1000.0, nullptr);
  const Kernel kernel = Kernel::gaussian(8191, 1000.0);
  const std::vector<float> row = pixels(node.get(), {0, 4095, 8191, 1});
  for (int x = 0; x < 8191; ++x) {
    const double weight = kernel.weights()[x] * kernel.weights()[4095];
    ASSERT_NEAR(row[x], weight, 1e-7 * weight);
  }
}

TEST(Matrix, IsWhatASinglePixelBecomes) {
  const GeglRectangle extent{0, 0, 41, 41};
  const BufferPointer buffer(gegl_buffer_new(&extent, babl_format("Y float")));
  const float one = 1;
  const GeglRectangle middle{20, 20, 1, 1};
  gegl_buffer_set(buffer.get(), &middle, 0, babl_format("Y float"), &one,
                  GEGL_AUTO_ROWSTRIDE);
  Settings settings;
  settings.size = 12;
  settings.sigma = 2;
  settings.size_y = 9;
  settings.method = Method::kExact;
  const BlurGraph graph(buffer.get(), settings);
  const Node matrix(kMatrixOperation);
  gegl_node_set(matrix.get(), "size", 12, "sigma", 2.0, "size-y", 9, nullptr);
  const std::vector<float> weights =
      pixels(matrix.get(), gegl_node_get_bounding_box(matrix.get()));
  const std::vector<float> result =
      pixels(graph.blur(), {20 - 6, 20 - 4, 12, 9});
  for (std::size_t i = 0; i < weights.size(); ++i) {
    EXPECT_NEAR(result[i], weights[i], 1e-7);
  }
}

}  // namespace
}  // namespace gk
