#include "tests/bench/core_runs.h"

namespace gk::bench {

bool has_peers() { return false; }

bool run_peer(Peer, int, double, const support::MemoryImage&,
              support::MemoryImage&) {
  return false;
}

}  // namespace gk::bench
