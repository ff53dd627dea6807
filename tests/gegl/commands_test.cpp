// What people start from a shell: the three examples beside this file, and the
// gegl command with values that are not allowed.

#include <gegl.h>
#include <glib/gstdio.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "core/simd_target.h"
#include "tests/gegl/blur_graph.h"

namespace gk {
namespace {

struct Outcome {
  bool started = false;
  int status = 0;
  std::string messages;  // standard error
};

Outcome run(std::vector<std::string> command,
            const std::map<std::string, std::string>& extra = {}) {
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  char** environment = g_get_environ();
  for (const auto& [name, value] : extra) {
    environment =
        g_environ_setenv(environment, name.c_str(), value.c_str(), TRUE);
  }
  char* errors = nullptr;
  Outcome outcome;
  outcome.started =
      g_spawn_sync(nullptr, arguments.data(), environment,
                   static_cast<GSpawnFlags>(G_SPAWN_SEARCH_PATH |
                                            G_SPAWN_STDOUT_TO_DEV_NULL),
                   nullptr, nullptr, nullptr, &errors, &outcome.status,
                   nullptr) != FALSE;
  if (errors != nullptr) outcome.messages = errors;
  g_free(errors);
  g_strfreev(environment);
  return outcome;
}

Picture load(const std::string& path, const Babl* format) {
  const NodePointer graph(gegl_node_new());
  GeglNode* node = gegl_node_new_child(graph.get(), "operation", "gegl:load",
                                       "path", path.c_str(), nullptr);
  Picture picture{gegl_node_get_bounding_box(node), format, {}};
  picture.bytes.resize(static_cast<std::size_t>(picture.extent.width) *
                       picture.extent.height * picture.pixel_bytes());
  gegl_node_blit(node, 1.0, &picture.extent, format, picture.bytes.data(),
                 GEGL_AUTO_ROWSTRIDE, GEGL_BLIT_DEFAULT);
  return picture;
}

void save(const Picture& picture, const std::string& path) {
  const BufferPointer buffer = picture.buffer();
  const NodePointer graph(gegl_node_new());
  GeglNode* source =
      gegl_node_new_child(graph.get(), "operation", "gegl:buffer-source",
                          "buffer", buffer.get(), nullptr);
  GeglNode* sink =
      gegl_node_new_child(graph.get(), "operation", "gegl:png-save", "path",
                          path.c_str(), "bitdepth", 8, nullptr);
  gegl_node_link(source, sink);
  gegl_node_process(sink);
}

class Commands : public testing::Test {
 protected:
  void SetUp() override {
    char* program = g_find_program_in_path("gegl");
    has_gegl_ = program != nullptr;
    g_free(program);
    char* folder = g_dir_make_tmp("gk-XXXXXX", nullptr);
    ASSERT_NE(folder, nullptr);
    folder_ = folder;
    g_free(folder);
    photo_ = noise({0, 0, 60, 40}, babl_format("R'G'B' u8"), 1);
    save(photo_, path("photo.png"));
  }
  void TearDown() override {
    if (GDir* listing = g_dir_open(folder_.c_str(), 0, nullptr)) {
      while (const char* name = g_dir_read_name(listing)) {
        g_remove(path(name).c_str());
      }
      g_dir_close(listing);
    }
    g_rmdir(folder_.c_str());
  }

  std::string path(const std::string& name) const {
    return folder_ + "/" + name;
  }

  // blurred.png is the photo under the examples' kernel.
  void expect_blurred() const {
    const Picture blurred = load(path("blurred.png"), photo_.format);
    ASSERT_TRUE(gegl_rectangle_equal(&blurred.extent, &photo_.extent));
    Settings settings;
    settings.size = 21;
    settings.sigma = 4.5;
    const auto exact =
        exact_blur(photo_, {Component::kU8, 3, Alpha::kNone, ToneCurve::kSrgb},
                   Light::kLinear, settings, photo_.extent);
    for (std::size_t i = 0; i < exact.size(); ++i) {
      ASSERT_NEAR(static_cast<int>(blurred.bytes[i]), exact[i] * 255, 1.0);
    }
  }

  std::vector<std::byte> blurred_by(const std::string& assignment) const {
    const Outcome outcome = run(
        {"gegl", path("photo.png"), "-o", path("out.png"), "--",
         parameters::kBlurOperation, "method=exact", "size-y=3", assignment});
    EXPECT_TRUE(outcome.started);
    EXPECT_EQ(outcome.status, 0) << outcome.messages;
    const auto bytes = load(path("out.png"), photo_.format).bytes;
    g_remove(path("out.png").c_str());
    return bytes;
  }

  bool has_gegl_ = false;
  std::string folder_;
  Picture photo_;
};

constexpr char kNoGegl[] = "the gegl command is not installed";

TEST_F(Commands, ExampleInC) {
  const Outcome outcome =
      run({GK_EXAMPLE_PROGRAM, path("photo.png"), path("blurred.png")});
  ASSERT_TRUE(outcome.started);
  EXPECT_EQ(outcome.status, 0) << outcome.messages;
  expect_blurred();
}

TEST_F(Commands, ExampleInXml) {
  if (!has_gegl_) GTEST_SKIP() << kNoGegl;
  std::ostringstream example;
  example << std::ifstream(GK_EXAMPLE_FOLDER "/example.xml").rdbuf();
  ASSERT_FALSE(example.str().empty());
  std::ofstream(path("example.xml")) << example.str();
  const Outcome outcome =
      run({"gegl", path("example.xml"), "-o", path("blurred.png")});
  EXPECT_EQ(outcome.status, 0) << outcome.messages;
  expect_blurred();
}

TEST_F(Commands, ExampleForTheShell) {
  if (!has_gegl_) GTEST_SKIP() << kNoGegl;
  const Outcome outcome = run({GK_EXAMPLE_FOLDER "/example.sh",
                               path("photo.png"), path("blurred.png")});
  EXPECT_EQ(outcome.status, 0) << outcome.messages;
  expect_blurred();
}

TEST_F(Commands, ForbiddenValuesBecomeTheNearestAllowed) {
  if (!has_gegl_) GTEST_SKIP() << kNoGegl;
  for (const auto& [given, nearest] :
       {std::tuple{"size=-1", "size=0"}, std::tuple{"size=8192", "size=8191"},
        std::tuple{"size=2147483647", "size=8191"},
        std::tuple{"size-y=-9", "size-y=-1"},
        std::tuple{"sigma=nan", "sigma=0"}, std::tuple{"sigma=-3", "sigma=0"},
        std::tuple{"sigma=inf", "sigma=1000"},
        std::tuple{"sigma=1e9", "sigma=1000"},
        std::tuple{"sigma-y=nan", "sigma-y=0"},
        std::tuple{"sigma-y=1e9", "sigma-y=1000"},
        std::tuple{"abyss-policy=sideways", "abyss-policy=clamp"}}) {
    EXPECT_EQ(blurred_by(given), blurred_by(nearest)) << given;
  }
  EXPECT_NE(blurred_by("sigma=2"), blurred_by("sigma=3"));
  EXPECT_NE(blurred_by("abyss-policy=clamp"), blurred_by("abyss-policy=black"));
}

TEST_F(Commands, UnknownCpuTargetIsNamed) {
  if (!has_gegl_) GTEST_SKIP() << kNoGegl;
  const std::vector<std::string> command = {"gegl", "-o", path("matrix.png"),
                                            "--", parameters::kMatrixOperation};
  const Outcome unknown = run(command, {{"GK_SIMD_TARGET", "ABACUS"}});
  EXPECT_EQ(unknown.status, 0);
  EXPECT_NE(unknown.messages.find("ABACUS"), std::string::npos);
  const std::string target(simd_targets().back());
  EXPECT_NE(unknown.messages.find(target), std::string::npos);
  const Outcome known = run(command, {{"GK_SIMD_TARGET", target}});
  EXPECT_EQ(known.messages.find("GK_SIMD_TARGET"), std::string::npos);
}

TEST_F(Commands, InfoReadsLikeAManualPage) {
  if (!has_gegl_) GTEST_SKIP() << kNoGegl;
  char* output = nullptr;
  std::string command =
      std::string("gegl --info ") + parameters::kBlurOperation;
  ASSERT_TRUE(g_spawn_command_line_sync(command.c_str(), &output, nullptr,
                                        nullptr, nullptr));
  const std::string info = output;
  g_free(output);
  for (const char* part :
       {"title", "description", "categories           blur", "reference",
        "size ", "sigma ", "size-y ", "sigma-y ", "abyss-policy ", "light ",
        "method ", "clip-extent "}) {
    EXPECT_NE(info.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace gk
